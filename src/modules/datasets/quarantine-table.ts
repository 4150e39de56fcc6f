/** The table of quarantined rows of each workspace, made and brought to its present form when it is first used. */
import type { Warehouse } from '#ports/warehouse'

export function quarantineTables(
  warehouse: Warehouse,
  systemDatabase: (workspace: string) => Promise<string>,
): (workspace: string) => Promise<string> {
  const prepared = new Map<string, Promise<string>>()
  const prepare = async (workspace: string): Promise<string> => {
    const table = `${await systemDatabase(workspace)}.quarantine`
    await warehouse.command(
      `CREATE TABLE IF NOT EXISTS ${table} (dataset String, id String, at DateTime64(3, 'UTC'), source String, reason String, problems String, row String, replayed Bool, pipeline String, stream String) ` +
        'ENGINE = ReplacingMergeTree ORDER BY (dataset, id)',
    )
    // Tables of earlier versions lack the last two columns.
    await warehouse.command(
      `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS pipeline String, ADD COLUMN IF NOT EXISTS stream String`,
    )
    return table
  }
  return (workspace) => {
    const known = prepared.get(workspace)
    if (known !== undefined) return known
    const preparing = prepare(workspace)
    prepared.set(workspace, preparing)
    preparing.catch(() => prepared.delete(workspace))
    return preparing
  }
}
