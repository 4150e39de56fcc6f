import { Status, type Tone } from '#ui/Status'
import type { AuditEntry } from './audit-api.ts'

const outcomes: Readonly<Record<AuditEntry['outcome'], { tone: Tone; word: string; why: string }>> = {
  succeeded: { tone: 'good', word: 'Succeeded', why: 'The change was made' },
  refused: { tone: 'warn', word: 'Refused', why: 'What was asked for was not valid, and nothing changed' },
  denied: { tone: 'warn', word: 'Denied', why: 'The permission for it was missing, and nothing changed' },
  failed: { tone: 'bad', word: 'Failed', why: 'The server could not do it' },
  unknown: { tone: 'wait', word: 'Unknown', why: 'The server stopped before the operation had ended' },
}

export function OutcomeStatus({ outcome }: { readonly outcome: AuditEntry['outcome'] }) {
  const { tone, word, why } = outcomes[outcome]
  return (
    <Status tone={tone} title={why}>
      {word}
    </Status>
  )
}
