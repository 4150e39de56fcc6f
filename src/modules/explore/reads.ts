/** What the tables of a statement stand for, for the one who asks. */
import { isRestricted, type Dataset, type Datasets, type Reader } from '#modules/datasets'
import { filterBarrier } from './bounds.ts'
import { refused } from './read-statement.ts'

/** Views of the workspace's metrics, beside its datasets. */
export const metricViews: readonly string[] = ['kpi_values_minute', 'kpi_values_hour', 'kpi_values_day']

export interface Reads {
  /** What stands behind `FROM` for each dataset that the statement reads. */
  readonly froms: ReadonlyMap<string, string>
  /** Some rows or values of these are kept from the reader. */
  readonly restricted: boolean
  /** Settings that keep them so. */
  readonly settings: Readonly<Record<string, number>>
}

/** Of a reader from whom nothing is kept, where the current database holds the tables. */
export const plainReads: Reads = { froms: new Map(), restricted: false, settings: {} }

/** Rejects views of metrics for readers from whom something is kept: their numbers are of all rows. */
export async function readsOf(
  datasets: Pick<Datasets, 'readable'>,
  reader: Reader,
  tables: ReadonlySet<string>,
  known: ReadonlyMap<string, Dataset>,
): Promise<Reads> {
  const view = metricViews.find((name) => tables.has(name) && isRestricted(reader))
  if (view !== undefined)
    throw refused(
      'restricted_view',
      `"${view}" holds numbers of all rows, and you may see only some rows or masked values of datasets of this workspace. Ask for the values of a metric instead: GET /api/v1/metrics/{code}/values.`,
    )
  const names = [...tables].filter((name) => known.has(name))
  const rows = await Promise.all(names.map((name) => datasets.readable(reader, name)))
  const restricted = rows.some((each) => each.restricted)
  return {
    froms: new Map(rows.map(({ from }, index) => [names[index] ?? '', from])),
    restricted,
    settings: restricted ? filterBarrier : {},
  }
}
