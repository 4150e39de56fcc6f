import { useState } from 'react'
import { Button } from '#ui/Button'
import { Field, TextArea } from '#ui/Field'
import { Failure } from '#ui/Nothing'
import type { RejectedRow } from '#ui/RejectedRows'
import { useAction } from '#ui/use-action'
import { correctedRow, editableRow } from './corrected-row.ts'
import { replay } from './dataset-api.ts'

/** A rejected row as an object of its columns, to correct and send again. */
export function RowCorrection({
  dataset,
  row,
  onEdit,
  onSent,
}: {
  readonly dataset: string
  readonly row: RejectedRow
  /** With whether the row is another one than at the beginning. */
  readonly onEdit: (edited: boolean) => void
  readonly onSent: () => void
}) {
  const [text, setText] = useState(() => editableRow(row))
  const corrected = correctedRow(text)
  const change = (next: string): void => {
    setText(next)
    onEdit(next !== editableRow(row))
  }
  const { busy, error, run } = useAction(async () => {
    await replay(dataset, [{ id: row.id, ...(text === editableRow(row) ? {} : { row: { ...corrected } }) }])
    onSent()
  })
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Corrected row"
        about={
          row.source === 'stream'
            ? undefined
            : 'The row goes into the dataset as it is written here, not through the steps of the pipeline: use the columns of the dataset.'
        }
        error={
          corrected === undefined
            ? 'Write the row as a JSON object, such as {"id": 1}: the columns of the dataset with their values.'
            : undefined
        }
      >
        {(control) => <TextArea {...control} value={text} onChange={change} rows={8} mono />}
      </Field>
      {error !== undefined && <Failure error={error} compact />}
      <Button tone="primary" busy={busy} disabled={corrected === undefined} onClick={() => void run()}>
        Send this row
      </Button>
    </div>
  )
}
