/** Somebody's SQL, made harmless: read by the engine, inspected, its names known. */
import type { Datasets, Dataset } from '#modules/datasets'
import type { Warehouse } from '#ports/warehouse'
import { exploreErrors } from './errors.ts'
import type { CheckedQuery, CheckOptions } from './index.ts'
import { bindTables, type Place } from './bind-tables.ts'
import { changingFunctions } from './allowed-functions.ts'
import { inspect } from './inspect.ts'
import { statementReader } from './read-statement.ts'

/** Views of the workspace's metrics, beside its datasets. */
export const metricViews: readonly string[] = ['kpi_values_minute', 'kpi_values_hour', 'kpi_values_day']

export interface Guarded {
  /** In the engine's own words; its names are the workspace's, to be run with its database. */
  readonly sql: string
  readonly database: string
  readonly datasets: readonly Dataset[]
  /** Names that the statement gives to its own parts. */
  readonly ownNames: ReadonlySet<string>
  /** The same answer can be given again until one of its datasets changes. */
  readonly lasting: boolean
}

export interface Guard {
  /** Rejects with every problem found. */
  admit(
    workspace: string,
    sql: string,
    parameters: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Guarded>
  check(workspace: string, sql: string, options?: CheckOptions): Promise<CheckedQuery>
}

export function queryGuard(warehouse: Warehouse, datasets: Datasets): Guard {
  const read = statementReader(warehouse)

  async function admit(
    workspace: string,
    sql: string,
    parameters: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Guarded> {
    const [statement, known, { database }] = await Promise.all([
      read(sql, parameters, signal),
      datasets.list(workspace),
      datasets.place(workspace),
    ])
    const byName = new Map(known.map((dataset) => [dataset.name, dataset]))
    const { problems, tables, functions, ownNames } = inspect(
      statement.tree,
      statement.tokens,
      new Map([...metricViews.map((view) => [view, []] as const), ...known.map(namedColumns)]),
    )
    if (problems.length > 0)
      throw exploreErrors.refused({ problems: problems.map((problem) => problem.message) }, { problems })
    return {
      sql: statement.sql,
      database,
      datasets: [...tables].flatMap((name) => byName.get(name) ?? []),
      ownNames,
      lasting:
        !metricViews.some((view) => tables.has(view)) && ![...functions].some((name) => changingFunctions.has(name)),
    }
  }

  async function check(
    workspace: string,
    sql: string,
    { tables: further = {}, datasets: mayReadDatasets = true }: CheckOptions = {},
  ): Promise<CheckedQuery> {
    const places = new Map<string, Place>(Object.entries(further))
    const columns = new Map(Object.entries(further).map(([name, table]) => [name, table.columns ?? []]))
    const names = new Set<string>()
    if (mayReadDatasets) {
      const { database } = await datasets.place(workspace)
      for (const dataset of await datasets.list(workspace)) {
        names.add(dataset.name)
        if (!columns.has(dataset.name)) columns.set(...namedColumns(dataset))
        if (!places.has(dataset.name)) places.set(dataset.name, { database: dataset.database, table: dataset.table })
      }
      for (const view of metricViews) {
        if (places.has(view)) continue
        places.set(view, { database, table: view })
        columns.set(view, [])
      }
    }
    const statement = await read(sql, {})
    const { problems, tables } = inspect(statement.tree, statement.tokens, columns)
    if (problems.length > 0)
      throw exploreErrors.refused({ problems: problems.map((problem) => problem.message) }, { problems })
    const used = new Map([...places].filter(([name]) => tables.has(name)))
    return {
      sql: bindTables(statement, used),
      settings: { final: 1 },
      reads: [...tables].filter((name) => names.has(name) && !(name in further)),
    }
  }

  return { admit, check }
}

function namedColumns({ name, columns }: Dataset): [string, readonly string[]] {
  return [name, columns.map((column) => column.name)]
}
