import { useInfiniteQuery } from '@tanstack/react-query'
import { Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { RejectedRows } from '#ui/RejectedRows'
import { quarantineQuery } from './dataset-api.ts'

/** A name under which every row was rejected so far: there is no dataset, and the rows still show their reasons. */
export function RejectedOnly(props: {
  readonly name: string
  readonly above: React.ReactNode
  /** Why there is no dataset. */
  readonly error: Error
  readonly retry: () => void
}) {
  const rows = useInfiniteQuery(quarantineQuery(props.name))
  const items = rows.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page>
      <PageHead
        title={props.name}
        above={props.above}
        about={
          items.length > 0 && 'Every row sent to this name was rejected. The first row that fits makes the dataset.'
        }
      />
      {items.length > 0 ? (
        <RejectedRows
          rows={items}
          empty=""
          onMore={rows.hasNextPage ? () => void rows.fetchNextPage() : undefined}
          busy={rows.isFetchingNextPage}
        />
      ) : (
        <Failure error={props.error} retry={props.retry} />
      )}
    </Page>
  )
}
