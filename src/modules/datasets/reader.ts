/** With whose rights rows are read. */
import { createHash } from 'node:crypto'
import { mayInDefinition, principalOf, systemActor, type Actor } from '#core/actor'
import { printExpression, type Expression } from '#core/expression'
import { maskKinds, type DatasetPolicy, type MaskKind, type PolicySource, type PolicySubject } from './policy.ts'
import { resolveFilter } from './row-filter.ts'

/**
 * Made from the caller once per request, job or subscription (`readerOf`). Whatever keeps rows or numbers, or lets
 * several callers share them, keys them by `digest`: it is equal for equal rights.
 */
export interface Reader {
  readonly workspace: string
  readonly actor: Actor
  /** By dataset. The rows are those for which one of the filters holds; without an entry all, with none no row. */
  readonly rowFilters: ReadonlyMap<string, readonly Expression[]>
  /** By dataset, then by column. */
  readonly masks: ReadonlyMap<string, ReadonlyMap<string, MaskKind>>
  /** Has `datasets.read`: numbers of a metric may be grouped and filtered by any column, otherwise by its dimensions only. */
  readonly mayReadRows: boolean
  readonly digest: string
}

/** Reads all rows as they are. Only for work of the system itself, such as foldings, whose results go to nobody directly. */
export function systemReader(module: string, workspace: string): Reader {
  return unrestrictedReader(systemActor(module, workspace))
}

/** Whether some rows or values of a dataset, or of any dataset, are kept from the reader. */
export function isRestricted({ rowFilters, masks }: Reader, dataset?: string): boolean {
  if (dataset === undefined) return rowFilters.size > 0 || masks.size > 0
  return rowFilters.has(dataset) || masks.has(dataset)
}

export async function readerFor(source: PolicySource | undefined, actor: Actor): Promise<Reader> {
  if (source === undefined) return unrestrictedReader(actor)
  const policies = await source.policies(actor.workspace)
  return policies.size === 0
    ? unrestrictedReader(actor)
    : restrictedReader(actor, policies, await source.subject(actor))
}

function unrestrictedReader(actor: Actor): Reader {
  return readerWith(actor, new Map(), new Map())
}

function restrictedReader(
  actor: Actor,
  policies: ReadonlyMap<string, DatasetPolicy>,
  { roles, attributes }: PolicySubject,
): Reader {
  const { kind, id } = principalOf(actor)
  const names = new Set(['everyone', ...roles.map((role) => `role:${role}`)])
  if (kind === 'person') names.add(`person:${id}`)
  if (kind === 'token') names.add(`key:${id}`)
  const isOneOf = (subjects: readonly string[]): boolean => subjects.some((subject) => names.has(subject))

  const rowFilters = new Map<string, readonly Expression[]>()
  const masks = new Map<string, ReadonlyMap<string, MaskKind>>()
  for (const [dataset, policy] of policies) {
    if (policy.rows.length > 0) {
      const own = policy.rows.filter((rule) => isOneOf(rule.for))
      rowFilters.set(
        dataset,
        own.flatMap(({ filter }) => resolveFilter(filter, attributes) ?? []),
      )
    }
    const columns = new Map<string, MaskKind>()
    for (const { column, how, except } of policy.masks) {
      const known = columns.get(column)
      if (isOneOf(except)) continue
      if (known === undefined || maskKinds.indexOf(how) < maskKinds.indexOf(known)) columns.set(column, how)
    }
    if (columns.size > 0) masks.set(dataset, columns)
  }
  return readerWith(actor, rowFilters, masks)
}

function readerWith(actor: Actor, rowFilters: Reader['rowFilters'], masks: Reader['masks']): Reader {
  const mayReadRows = mayInDefinition(actor, 'datasets.read')
  const rights = [
    actor.workspace,
    mayReadRows,
    [...rowFilters].map(([name, filters]) => [name, [...new Set(filters.map(printExpression))].toSorted()]).toSorted(),
    [...masks].map(([name, columns]) => [name, [...columns].toSorted()]).toSorted(),
  ]
  const digest = createHash('sha256').update(JSON.stringify(rights)).digest('base64url').slice(0, 22)
  return { workspace: actor.workspace, actor, rowFilters, masks, mayReadRows, digest }
}
