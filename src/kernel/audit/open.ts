import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import type { Logger } from '../module/module.ts'
import { auditReader, type AuditReader } from './read.ts'
import { auditSums, type AuditSums } from './sums.ts'
import { auditRecords, type AuditRecords } from './trail.ts'

export interface Audit {
  readonly records: AuditRecords
  readonly sums: AuditSums
  readonly read: AuditReader
}

/** Opens the trail of a server that starts: what an earlier one left open is closed first. */
export async function openAudit(metadata: Metadata, clock: Clock, log: Logger): Promise<Audit> {
  const records = auditRecords(metadata)
  const abandoned = await records.closeAbandoned(clock.now())
  if (abandoned > 0)
    log.warn({ operations: abandoned }, 'the server ended during operations; the audit trail has them as "unknown"')
  const sums = auditSums(records, clock, (error) => log.error({ err: error }, 'an audit entry could not be written'))
  return { records, sums, read: auditReader(metadata) }
}
