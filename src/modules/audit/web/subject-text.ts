import type { AuditEntry } from './audit-api.ts'

export function subjectText({ kind, id, name }: AuditEntry['subject']): string {
  const shown = name ?? id
  return shown === '' ? kind : `${kind} ${shown}`
}
