/** How the embedded engine is set up: a server's configuration file, small enough for a laptop. */
const mebibyte = 2 ** 20

/** Of the memory that is there; the rest is for Node and for the page cache. */
const memoryShare = 0.6

export function engineConfiguration(durability: 'disk' | 'process', memoryBytes: number): string {
  const synced = durability === 'disk' ? 1 : 0
  return xml('clickhouse', {
    // Caches: the page cache of the machine already holds what is read often.
    mark_cache_size: 16 * mebibyte,
    primary_index_cache_size: 8 * mebibyte,
    index_mark_cache_size: mebibyte,
    uncompressed_cache_size: 0,
    mmap_cache_size: 64,
    compiled_expression_cache_size: 8 * mebibyte,
    query_condition_cache_size: 8 * mebibyte,
    // By default the engine takes a share of what it finds itself, which need not be the limit of the container.
    max_server_memory_usage: Math.floor(memoryBytes * memoryShare),
    // Threads: merges of one user's tables, not of a cluster's.
    max_thread_pool_size: 400,
    max_thread_pool_free_size: 16,
    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 2,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_common_pool_size: 2,
    background_schedule_pool_size: 4,
    tables_loader_foreground_pool_size: 2,
    merge_tree: {
      fsync_after_insert: synced,
      fsync_part_directory: synced,
      // A merge takes the place of parts that were synced, so it must be as well.
      min_rows_to_fsync_after_merge: synced,
      number_of_free_entries_in_pool_to_execute_mutation: 1,
      number_of_free_entries_in_pool_to_lower_max_size_of_merge: 1,
      number_of_free_entries_in_pool_to_execute_optimize_entire_partition: 1,
    },
  })
}

type Tree = { readonly [name: string]: number | Tree }

function xml(name: string, value: number | Tree): string {
  const inner =
    typeof value === 'number'
      ? String(value)
      : Object.entries(value)
          .map(([key, part]) => xml(key, part))
          .join('\n')
  return `<${name}>${inner}</${name}>`
}
