/** ClickHouse's error numbers, read as the kinds of the warehouse port. */
import type { WarehouseErrorKind } from '#ports/warehouse'

const codes: Readonly<Record<Exclude<WarehouseErrorKind, 'other'>, readonly number[]>> = {
  cancelled: [394],
  timeout: [159],
  memory: [241],
  limit: [158, 191, 307, 396],
  busy: [202],
  disk_full: [243],
  syntax: [62],
  too_complex: [167, 168, 306],
  missing_parameter: [456],
  unknown_table: [60, 81],
  exists: [57, 82],
  unknown_column: [47],
  unknown_function: [46],
  columns: [16, 20],
  data: [6, 25, 26, 27, 32, 33, 34, 38, 41, 43, 53, 69, 70, 72, 117, 131, 190, 321, 349, 395, 407, 467, 632, 636, 691],
}

const kinds: ReadonlyMap<number, WarehouseErrorKind> = new Map(
  Object.entries(codes).flatMap(
    ([kind, numbers]) => numbers.map((code) => [code, kind as WarehouseErrorKind] as const), // the keys of `codes`
  ),
)

/** An error of a file that the engine writes carries the reason in its text only. */
export function errorKind(code: number, message: string): WarehouseErrorKind {
  const known = kinds.get(code)
  if (known !== undefined) return known
  if (/No space left on device/.test(message)) return 'disk_full'
  return /MEMORY_LIMIT_EXCEEDED/.test(message) ? 'memory' : 'other'
}
