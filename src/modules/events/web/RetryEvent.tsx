import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Confirmation } from '#ui/Dialog'
import { useMay } from '#ui/permissions'
import { toast } from '#ui/Toasts'
import { retryEvent, type ParkedItem } from './event-api.ts'

/** Only the first parked event of a thing can be tried; the others follow it. */
export function RetryEvent({ event }: { readonly event: ParkedItem }) {
  const [asking, setAsking] = useState(false)
  const queries = useQueryClient()
  const may = useMay('events.write')
  if (!may || event.nextAttemptAt === null) return null
  return (
    <>
      <Button tone="quiet" onClick={() => setAsking(true)}>
        Retry event
      </Button>
      <Confirmation
        open={asking}
        onClose={() => setAsking(false)}
        title={`Retry ${event.name}?`}
        about={`The module "${event.module}" tries the event now. When it succeeds, the events behind it follow.`}
        verb="Retry event"
        refusal="Leave it"
        tone="primary"
        onConfirm={async () => {
          await retryEvent(event)
          toast(`${event.module} tries the event again`)
          await queries.invalidateQueries({ queryKey: ['events'] })
        }}
      />
    </>
  )
}
