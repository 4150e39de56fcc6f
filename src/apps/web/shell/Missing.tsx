import { ButtonLink } from '#ui/Link'
import { Empty } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'

export function Missing() {
  return (
    <Page>
      <PageHead title="No page here" />
      <Empty title="This address leads nowhere" action={<ButtonLink to="/">Go to Home</ButtonLink>}>
        <p>The link may be old, or what it led to was deleted or belongs to another workspace.</p>
      </Empty>
    </Page>
  )
}
