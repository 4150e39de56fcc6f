/** A stream that nobody declared gets its contract from its first events. */
import { Name } from '#core/dataset'
import { isMillraceError } from '#core/errors'
import { rowCheck } from '#core/row-check'
import type { Dataset, Datasets } from '#modules/datasets'
import { streamErrors } from './errors.ts'
import { inferColumns } from './infer.ts'
import { linesOf } from './lines.ts'
import { slices } from './slices.ts'

/** Returns nothing when no row fits the columns that the rows themselves suggest. */
export async function firstUse(
  datasets: Pick<Datasets, 'create' | 'get'>,
  { workspace, name }: Pick<Dataset, 'workspace' | 'name'>,
  ndjson: Buffer,
): Promise<Dataset | undefined> {
  if (!Name.safeParse(name).success) throw streamErrors.bad_name({ stream: name })
  const columns = [...inferColumns(ndjson)]
  if (columns.length === 0 || !(await hasGoodRow(ndjson, columns))) return undefined
  try {
    return await datasets.create(workspace, { name, kind: 'events', columns }, { kind: 'inferred' })
  } catch (error) {
    if (isMillraceError(error) && error.code === 'datasets.taken') return await datasets.get(workspace, name)
    throw error
  }
}

/** Usually the first row is one. */
async function hasGoodRow(ndjson: Buffer, columns: Dataset['columns']): Promise<boolean> {
  const check = rowCheck(columns)
  const rest = slices()
  for (const { bytes, number } of linesOf(ndjson)) {
    if ('line' in check(bytes, number)) return true
    await rest()
  }
  return false
}

/** The lines without those that are rejected anyway. */
export function without(ndjson: Buffer, faults: ReadonlyMap<number, string>): Buffer {
  if (faults.size === 0) return ndjson
  const kept = [...linesOf(ndjson)].filter(({ number }) => !faults.has(number))
  return Buffer.concat(kept.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]))
}
