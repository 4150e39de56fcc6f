import { Snippet } from '#ui/Snippet'
import type { Dataset } from './dataset-api.ts'
import { sendLine } from './send-line.ts'

export function SendTab({ dataset }: { readonly dataset: Dataset }) {
  return (
    <div className="flex max-w-[76ch] flex-col gap-4 text-13 text-ink-2">
      <p>
        Each event is checked against the columns and is safe on disk when the answer comes. Rows that do not fit are
        rejected and kept in quarantine; the rest is accepted.
      </p>
      <Snippet label="Send an event with curl" code={sendLine(location.origin, dataset.name, dataset.columns)} />
      <p>
        A token is made with <code className="text-12">bin/millrace token create</code>. Send the header{' '}
        <code className="text-12">Idempotency-Key</code> to make a retry harmless for a day.
      </p>
      <p>A file goes in with the command line:</p>
      <Snippet label="Send a file" code={`bin/millrace ingest ${dataset.name} events.ndjson`} />
    </div>
  )
}
