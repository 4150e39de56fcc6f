import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Failure } from '#ui/Nothing'
import { formatCount } from '#ui/number'
import { RejectedRows } from '#ui/RejectedRows'
import { toast } from '#ui/Toasts'
import { quarantineQuery, replay, type Dataset } from './dataset-api.ts'

/** Rows that broke the contract: kept with the reason, and sent again when it is gone. */
export function QuarantineTab({ dataset }: { readonly dataset: Dataset }) {
  const rows = useQuery({ ...quarantineQuery(dataset.name), refetchInterval: 15_000 })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const queries = useQueryClient()
  if (rows.isError) return <Failure error={rows.error} retry={() => void rows.refetch()} />
  const items = rows.data?.items
  const send = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const { replayed } = await replay(
        dataset.name,
        (items ?? []).map(({ id }) => id),
      )
      toast(`${formatCount(replayed, 'row')} sent again`)
      await queries.invalidateQueries({ queryKey: ['datasets', dataset.name] })
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex flex-col gap-3">
      {error !== undefined && <Failure error={error} compact />}
      {items !== undefined && items.length > 0 && (
        <p className="flex flex-wrap items-center justify-between gap-3 text-13 text-ink-2">
          These rows were not taken. Add the missing column or correct their source, then send them again.
          <Button busy={busy} onClick={() => void send()}>{`Send ${formatCount(items.length, 'row')} again`}</Button>
        </p>
      )}
      <RejectedRows
        rows={items}
        empty="A row that breaks the contract of the columns is never dropped: it waits here with the reason, and can be sent again."
      />
    </div>
  )
}
