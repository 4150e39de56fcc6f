import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from '#ui/Button'
import { Failure } from '#ui/Nothing'
import { formatCount } from '#ui/number'
import { RejectedRows } from '#ui/RejectedRows'
import { toast } from '#ui/Toasts'
import { useAction } from '#ui/use-action'
import { RowCorrection } from './RowCorrection.tsx'
import { quarantineQuery, rejectedQuery, replay, type Dataset } from './dataset-api.ts'

/** In one request. */
const maxSent = 1000

/** Rows that broke the contract: kept with the reason, and sent again when it is gone. */
export function QuarantineTab({
  dataset,
  total,
}: {
  readonly dataset: Dataset
  /** How many rows are in quarantine, where that is known. */
  readonly total: number | undefined
}) {
  const rows = useInfiniteQuery({ ...quarantineQuery(dataset.name), refetchInterval: 15_000 })
  const queries = useQueryClient()
  const items = rows.data?.pages.flatMap((page) => page.items)
  const sendable = (items ?? []).slice(0, maxSent)
  const isTable = dataset.kind === 'table'
  const sent = async (count: number): Promise<void> => {
    toast(`${formatCount(count, 'row')} sent again`)
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['datasets', dataset.name] }),
      queries.invalidateQueries({ queryKey: rejectedQuery.queryKey }),
    ])
  }
  const { busy, error, run } = useAction(async () => {
    const { replayed } = await replay(
      dataset.name,
      sendable.map(({ id }) => ({ id })),
    )
    await sent(replayed)
  })
  if (rows.isError && rows.data === undefined) return <Failure error={rows.error} retry={() => void rows.refetch()} />
  return (
    <div className="flex flex-col gap-3">
      {error !== undefined && <Failure error={error} compact />}
      {items !== undefined && items.length > 0 && (
        <p className="flex flex-wrap items-center justify-between gap-3 text-13 text-ink-2">
          {isTable
            ? 'These rows were rejected. Rows of a table are not sent from here: correct them at their source and run the pipeline again.'
            : 'These rows were rejected. Open a row to correct and send it. After the columns of the dataset are changed so that these rows fit, send them again.'}
          {!isTable && (
            <Button
              busy={busy}
              onClick={() => void run()}
            >{`Send ${formatCount(sendable.length, 'row')} again`}</Button>
          )}
        </p>
      )}
      <RejectedRows
        rows={items}
        {...(isTable
          ? {}
          : {
              correction: (row, { done, onEdit }) => (
                <RowCorrection
                  dataset={dataset.name}
                  row={row}
                  onEdit={onEdit}
                  onSent={() => {
                    done()
                    void sent(1)
                  }}
                />
              ),
            })}
        onMore={rows.hasNextPage ? () => void rows.fetchNextPage() : undefined}
        busy={rows.isFetchingNextPage}
        total={total}
        empty="A row that breaks the contract of the columns is rejected, not dropped: it is kept here with the reason, and can be sent again."
      />
    </div>
  )
}
