/** Which errors an operation can answer: those of its module, of the modules it needs and of the kernel, as far as its shape allows. */
import { errorKinds, type ErrorKind, type ErrorSpec } from '#core/errors'
import type { Operation } from '../module/contract.ts'
import type { Module } from '../module/module.ts'
import { needsOf } from '../module/start-order.ts'
import { kernelErrors } from '../problems/errors.ts'

export interface AnswerableError {
  readonly code: string
  readonly title: string
}

type Catalogue = NonNullable<Module['errors']>

/** By status, the lowest first. */
export function answerableErrors(
  operation: Operation,
  module: Module,
  modules: readonly Module[],
): ReadonlyMap<number, readonly AnswerableError[]> {
  const kinds = kindsOf(operation)
  const found = [kernelErrors as Catalogue, ...cataloguesOf(module, modules)].flatMap(({ $area, $entries }) =>
    Object.entries($entries as Record<string, ErrorSpec<unknown>>).map(([key, { kind, title }]) => ({
      kind,
      error: { code: `${$area}.${key}`, title },
    })),
  )
  const byStatus = Map.groupBy(
    found.filter(({ kind }) => kinds.has(kind)),
    ({ kind }) => errorKinds[kind],
  )
  return new Map(
    [...byStatus]
      .toSorted(([one], [other]) => one - other)
      .map(([status, errors]) => [status, errors.map(({ error }) => error)]),
  )
}

/** Of the module and of all that it needs, directly or through others. */
function cataloguesOf(module: Module, modules: readonly Module[]): readonly Catalogue[] {
  const reached = new Set<Module>()
  const open = [module]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    const names = new Set(needsOf(next).map((need) => need.module))
    open.push(...modules.filter(({ name }) => names.has(name)))
  }
  return [...reached].flatMap(({ errors }) => (errors === undefined ? [] : [errors]))
}

function kindsOf({ permission, params, query, body, effect }: Operation): ReadonlySet<ErrorKind> {
  const open = permission === 'public'
  const named = params !== undefined || body !== undefined
  return new Set<ErrorKind>([
    'malformed',
    'unauthenticated',
    'limited',
    'unavailable',
    'timeout',
    ...(open && body === undefined ? [] : (['forbidden'] as const)),
    ...(named || query !== undefined || open ? (['not_found'] as const) : []),
    ...(named || effect === 'write' ? (['conflict'] as const) : []),
    ...(named || query !== undefined ? (['invalid'] as const) : []),
    ...(body === undefined ? [] : (['too_slow', 'too_large', 'unsupported'] as const)),
  ])
}
