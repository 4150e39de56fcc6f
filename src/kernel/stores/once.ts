/** Steps of a module that change what is stored, done once. */
import type { Metadata } from '#ports/metadata'

/** `table` has the column `name`; a step that was cut off runs again whole. */
export async function once(
  metadata: Metadata,
  { table, name }: { readonly table: string; readonly name: string },
  work: () => Promise<void>,
): Promise<void> {
  const { rows: done } = await metadata.system.query(`select 1 from ${table} where name = $1`, [name])
  if (done.length > 0) return
  await work()
  await metadata.system.query(`insert into ${table} (name) values ($1) on conflict do nothing`, [name])
}
