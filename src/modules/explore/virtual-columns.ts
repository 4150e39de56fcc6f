/**
 * Columns that the engine adds to every table of its own accord. They tell about its files and its places,
 * not about the data. A test holds this list against the engine's own.
 */
export const virtualColumns: ReadonlySet<string> = new Set([
  '_block_number',
  '_block_offset',
  '_database',
  '_disk_name',
  '_distance',
  '_part',
  '_part_data_version',
  '_part_granule_offset',
  '_part_index',
  '_part_offset',
  '_part_starting_offset',
  '_part_uuid',
  '_partition_id',
  '_partition_value',
  '_row_exists',
  '_sample_factor',
  '_shard_num',
  '_table',
])

/** The virtual column that an identifier such as `orders._part` names, if it does. */
export function virtualColumnIn(identifier: string, realColumns: ReadonlySet<string>): string | undefined {
  if (realColumns.has(identifier)) return undefined
  return identifier.split('.').find((part) => virtualColumns.has(part) && !realColumns.has(part))
}
