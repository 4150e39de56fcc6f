import { Page, PageHead } from '#ui/Page'
import { Failure } from '#ui/Nothing'

/** A page that broke leaves the rest standing. */
export function PageFailure({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return (
    <Page>
      <PageHead title="This page stopped" />
      <Failure error={error} retry={reset} />
    </Page>
  )
}
