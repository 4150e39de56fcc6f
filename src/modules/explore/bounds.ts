/** What a person's query may use. */
import type { QueryLimits } from '#ports/warehouse'
import type { EngineSettings } from '#core/engine-settings'

const bounds = {
  memoryBytes: 2 * 2 ** 30,
  rowsRead: 20_000_000_000,
  spillBytes: 2 ** 30,
  temporaryBytes: 20 * 2 ** 30,
} as const
export const questionLimits = { seconds: 60, ...bounds } as const satisfies QueryLimits
/** A download of a whole result may take longer than an answer that somebody waits for. */
export const downloadLimits = { seconds: 1800, ...bounds } as const satisfies QueryLimits

/** Bytes of a JSON answer. */
export const maxAnswerBytes = 32 * 2 ** 20

/**
 * For statements that read rows through a row filter: the engine keeps the conditions of people above it, so that an
 * expression that fails, such as `toInt64(name)`, is never computed for a row that is kept from them.
 */
export const filterBarrier = { conditions: 'in_order' } as const satisfies EngineSettings

export const questionSettings = {
  author: 'untrusted',
  // Rows of a `table` dataset that were replaced are not seen.
  rowVersions: 'latest',
  // Times are RFC 3339 in UTC, in every format.
  zone: 'UTC',
  times: 'rfc3339',
  decimalDigits: 'all',
  nonFinite: 'null',
} as const satisfies EngineSettings
