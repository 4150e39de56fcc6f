import { useQuery } from '@tanstack/react-query'
import { Dialog } from '#ui/Dialog'
import { Differences } from '#ui/Differences'
import { Fact, Facts } from '#ui/Facts'
import { Failure, Skeleton } from '#ui/Nothing'
import { Link } from '#ui/Link'
import { formatDuration, formatExactTime } from '#ui/time'
import { entryQuery, type AuditEntry } from './audit-api.ts'
import { OutcomeStatus } from './OutcomeStatus.tsx'
import { subjectText } from './subject-text.ts'

/** One entry with the state of its subject before and after. */
export function AuditEntryDialog({ sequence, onClose }: { readonly sequence: number; readonly onClose: () => void }) {
  const entry = useQuery(entryQuery(sequence))
  return (
    <Dialog open wide onClose={onClose} title={entry.data?.action ?? `Entry ${sequence}`}>
      {entry.isError ? (
        <Failure error={entry.error} compact />
      ) : entry.data === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <Entry entry={entry.data} />
      )}
    </Dialog>
  )
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { actor, subject, outcome, code, at, endedAt, times, requestId, before, after } = entry
  const stated = before !== undefined || after !== undefined
  return (
    <>
      <Facts>
        <Fact name="Outcome">
          <OutcomeStatus outcome={outcome} />
          {code !== undefined && <code className="ml-2 text-12 text-ink-3">{code}</code>}
        </Fact>
        <Fact name="Who">
          <Link to="/audit" search={{ actor: actor.id }} className="text-water-ink underline underline-offset-2">
            {actor.name}
          </Link>{' '}
          <span className="text-ink-3">({actor.kind})</span>
        </Fact>
        <Fact name="Subject">
          <Link
            to="/audit"
            search={{ subject: `${subject.kind}:${subject.id}` }}
            className="text-water-ink underline underline-offset-2"
          >
            {subjectText(subject)}
          </Link>
        </Fact>
        <Fact name="When">
          {formatExactTime(Date.parse(at))}
          {times > 1
            ? `, ${times} times in this minute`
            : `, took ${formatDuration(Date.parse(endedAt) - Date.parse(at))}`}
        </Fact>
        <Fact name="Request">
          <code className="text-12">{requestId}</code>
        </Fact>
        <Fact name="Entry">{String(entry.sequence)}</Fact>
      </Facts>
      <section aria-label="What changed">
        <h3 className="mb-2 text-13 font-semibold text-ink-2">What changed</h3>
        {stated && outcome === 'succeeded' ? (
          <Differences before={before} after={after} />
        ) : (
          <p className="text-13 text-ink-3">
            {outcome === 'succeeded' ? 'For this action no state is kept.' : 'Nothing is known to have changed.'}
          </p>
        )}
      </section>
    </>
  )
}
