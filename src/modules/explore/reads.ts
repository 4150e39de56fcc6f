/** What the tables of a statement stand for, for the one who asks. */
import type { EngineSettings } from '#core/engine-settings'
import { isRestricted, type Dataset, type Datasets, type Reader } from '#modules/datasets'
import { filterBarrier } from './bounds.ts'
import { refused } from './read-statement.ts'

export interface Reads {
  /** The SQL behind `FROM` for each dataset that the statement reads. */
  readonly froms: ReadonlyMap<string, string>
  /** Some rows or values of these are kept from the reader. */
  readonly restricted: boolean
  /** Settings that keep them so. */
  readonly settings: EngineSettings
}

/** Of a reader from whom nothing is kept, where the current database holds the tables. */
export const plainReads: Reads = { froms: new Map(), restricted: false, settings: {} }

/** Views hold numbers of all rows, so readers from whom something is kept may not read them. */
export function refuseRestrictedViews(reader: Reader, tables: ReadonlySet<string>, views: readonly string[]): void {
  const view = views.find((name) => tables.has(name) && isRestricted(reader))
  if (view !== undefined)
    throw refused(
      'restricted_view',
      `"${view}" holds numbers of all rows, and you may see only some rows or masked values of datasets of this workspace. Ask for the values of a metric instead: POST /query/kpi.`,
    )
}

export async function readsOf(
  datasets: Pick<Datasets, 'readable'>,
  reader: Reader,
  tables: ReadonlySet<string>,
  known: ReadonlyMap<string, Dataset>,
): Promise<Reads> {
  const names = [...tables].filter((name) => known.has(name))
  const rows = await Promise.all(names.map((name) => datasets.readable(reader, name)))
  const restricted = rows.some((each) => each.restricted)
  return {
    froms: new Map(rows.map(({ from }, index) => [names[index] ?? '', from])),
    restricted,
    settings: restricted ? filterBarrier : {},
  }
}
