/**
 * The secret that hashes of masked values are made with, one per workspace, so that nobody can hash guesses and compare.
 * It lies beside the values that it hides, where SQL of people does not reach: its text is in no statement.
 */
import { randomBytes } from 'node:crypto'
import { quoteName } from '#core/dataset'
import { oncePerKey } from '#core/once-per-key'
import type { Warehouse } from '#ports/warehouse'

/** Makes the key when it is missing; returns SQL that stands for it. */
export function maskKeys(
  warehouse: Warehouse,
  systemDatabase: (workspace: string) => Promise<string>,
): (workspace: string) => Promise<string> {
  const prepared = oncePerKey<string>()
  const prepare = async (workspace: string): Promise<string> => {
    const table = `${quoteName(await systemDatabase(workspace))}.mask_key`
    await warehouse.command(`CREATE TABLE IF NOT EXISTS ${table} (key String) ENGINE = MergeTree ORDER BY key`)
    await warehouse.command(`INSERT INTO ${table} SELECT {key:String} WHERE (SELECT count() FROM ${table}) = 0`, {
      parameters: { key: randomBytes(32).toString('hex') },
      settings: { insert: 'synchronous' },
    })
    return `assumeNotNull((SELECT min(key) FROM ${table}))`
  }
  return (workspace) => prepared(workspace, () => prepare(workspace))
}
