import { useInfiniteQuery } from '@tanstack/react-query'
import { Failure } from '#ui/Nothing'
import { RejectedRows } from '#ui/RejectedRows'
import { quarantineQuery } from './pipeline-api.ts'

/** The rows that the quality rules of a pipeline rejected, whatever its destination. */
export function QuarantineTab({ id }: { readonly id: string }) {
  const rows = useInfiniteQuery({ ...quarantineQuery(id), refetchInterval: 15_000 })
  if (rows.isError && rows.data === undefined) return <Failure error={rows.error} retry={() => void rows.refetch()} />
  return (
    <RejectedRows
      rows={rows.data?.pages.flatMap(({ items }) => items)}
      empty="A row that breaks a quality rule of severity error is rejected: it is kept here with the reason."
      onMore={rows.hasNextPage ? () => void rows.fetchNextPage() : undefined}
      busy={rows.isFetchingNextPage}
    />
  )
}
