/** What a retry with the same Idempotency-Key is answered from: kept as the tag of the block in the log. */
import { hash } from 'node:crypto'
import { parseJsonValue } from '#core/parse-json'
import type { RowProblem } from '#core/row-check'

export interface Receipt {
  readonly body: string
  readonly accepted: number
  readonly rejected: number
  readonly problems: readonly RowProblem[]
}

export function bodyHash(ndjson: Uint8Array): string {
  return hash('sha256', ndjson, 'base64url')
}

export function writeReceipt(receipt: Receipt): string {
  return JSON.stringify(receipt)
}

export function readReceipt(tag: string | undefined): Receipt | undefined {
  return tag === undefined ? undefined : (parseJsonValue(tag) as Receipt)
}
