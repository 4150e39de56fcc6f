/** Somebody's SQL, made harmless: read by the engine, inspected, its names known. */
import { quoteName } from '#core/dataset'
import type { EngineSettings } from '#core/engine-settings'
import { isRestricted, type Dataset, type Datasets, type Reader } from '#modules/datasets'
import type { Warehouse } from '#ports/warehouse'
import { exploreErrors } from './errors.ts'
import type { CheckedQuery, CheckOptions } from './index.ts'
import { bindTables } from './bind-tables.ts'
import { changingFunctions } from './allowed-functions.ts'
import { inspect, type Inspected } from './inspect.ts'
import { statementReader, type ReadStatement } from './read-statement.ts'
import { plainReads, readsOf, refuseRestrictedViews } from './reads.ts'

export interface Guarded {
  /** In the engine's own words, to be run with `database` as the current one. */
  readonly sql: string
  readonly database: string
  readonly settings: EngineSettings
  readonly datasets: readonly Dataset[]
  /** Names that the statement gives to its own parts. */
  readonly ownNames: ReadonlySet<string>
  /** The same answer can be given again until one of its datasets changes. */
  readonly lasting: boolean
}

export interface Guard {
  /** Rejects with every problem found. */
  admit(
    reader: Reader,
    sql: string,
    parameters: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Guarded>
  check(reader: Reader, sql: string, options?: CheckOptions): Promise<CheckedQuery>
}

export interface GuardParts {
  readonly warehouse: Warehouse
  readonly datasets: Pick<Datasets, 'list' | 'place' | 'readable'>
  /** Names of the views that modules make in the database of each workspace. */
  readonly views: () => readonly string[]
}

export function queryGuard({ warehouse, datasets, views: viewNames }: GuardParts): Guard {
  const read = statementReader(warehouse)

  async function admit(
    reader: Reader,
    sql: string,
    parameters: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Guarded> {
    const [statement, known, { userDatabase, empty }] = await Promise.all([
      read(sql, parameters, signal),
      datasets.list(reader.workspace),
      datasets.place(reader.workspace),
    ])
    const byName = namesOf(known)
    const views = viewNames()
    const { tables, functions, ownNames } = inspected(
      statement,
      new Map([...views.map((view) => [view, []] as const), ...known.map(namedColumns)]),
    )
    refuseRestrictedViews(reader, tables, views)
    const { froms, restricted, settings } = isRestricted(reader)
      ? await readsOf(datasets, reader, tables, byName)
      : plainReads
    return {
      // Without a restriction the plain tables are read, with the engine's shortcuts for them.
      sql: restricted ? bindTables(statement, froms) : statement.sql,
      database: restricted ? empty : userDatabase,
      settings,
      datasets: [...tables].flatMap((name) => byName.get(name) ?? []),
      ownNames,
      lasting: !views.some((view) => tables.has(view)) && ![...functions].some((name) => changingFunctions.has(name)),
    }
  }

  async function check(
    reader: Reader,
    sql: string,
    { tables: further = {}, datasets: mayReadDatasets = true }: CheckOptions = {},
  ): Promise<CheckedQuery> {
    const known = mayReadDatasets
      ? (await datasets.list(reader.workspace)).filter(({ name }) => !(name in further))
      : []
    const views = mayReadDatasets ? viewNames().filter((view) => !(view in further)) : []
    const { userDatabase } = await datasets.place(reader.workspace)
    const statement = await read(sql, {})
    const { tables } = inspected(
      statement,
      new Map([
        ...Object.entries(further).map(([name, table]) => [name, table.columns ?? []] as const),
        ...known.map(namedColumns),
        ...views.map((view) => [view, []] as const),
      ]),
    )
    const own = new Set([...tables].filter((name) => !(name in further)))
    refuseRestrictedViews(reader, own, views)
    const { froms, settings } = await readsOf(datasets, reader, own, namesOf(known))
    const bound = new Map([
      ...Object.entries(further).map(([name, { database, table }]) => [name, placeName(database, table)] as const),
      ...froms,
      ...views.map((view) => [view, placeName(userDatabase, view)] as const),
    ])
    return {
      sql: bindTables(statement, new Map([...bound].filter(([name]) => tables.has(name)))),
      settings: { rowVersions: 'latest', ...settings },
      reads: [...froms.keys()],
    }
  }

  return { admit, check }
}

function inspected(
  { tree, tokens }: ReadStatement,
  mayRead: ReadonlyMap<string, readonly string[]>,
): Omit<Inspected, 'problems'> {
  const { problems, ...found } = inspect(tree, tokens, mayRead)
  if (problems.length > 0)
    throw exploreErrors.refused({ problems: problems.map((problem) => problem.message) }, { problems })
  return found
}

function placeName(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`
}

function namesOf(known: readonly Dataset[]): ReadonlyMap<string, Dataset> {
  return new Map(known.map((dataset) => [dataset.name, dataset]))
}

function namedColumns({ name, columns }: Dataset): [string, readonly string[]] {
  return [name, columns.map((column) => column.name)]
}
