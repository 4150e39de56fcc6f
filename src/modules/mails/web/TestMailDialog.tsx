import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Dialog } from '#ui/Dialog'
import { Field, TextInput } from '#ui/Field'
import { Failure } from '#ui/Nothing'
import { toast } from '#ui/Toasts'
import { sendTestMail } from './mail-api.ts'

export function TestMailDialog({ onClose }: { readonly onClose: () => void }) {
  const [to, setTo] = useState('')
  const queries = useQueryClient()
  const sending = useMutation({
    mutationFn: () => sendTestMail(to.trim()),
    onSuccess: async () => {
      toast('The test mail is queued. The page Jobs says how it ended.')
      onClose()
      await queries.invalidateQueries({ queryKey: ['mails'] })
    },
  })
  return (
    <Dialog open onClose={onClose} title="Send test mail" about="Shows whether mails arrive.">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          sending.mutate()
        }}
      >
        <Field label="To" required>
          {(control) => <TextInput {...control} value={to} onChange={setTo} placeholder="ann@example.com" autoFocus />}
        </Field>
        {sending.isError && <Failure error={sending.error} compact />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" busy={sending.isPending} disabled={to.trim() === ''}>
            Send test mail
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
