import type { Bound } from './bound.ts'

/** A function of the language, also as data for the reference page and completion. */
export interface FunctionSpec {
  /** As it is called, with `?` behind what may be left out. */
  readonly usage: string
  readonly about: string
  readonly arity: readonly [least: number, most: number]
  /** Returns the sentence of the problem when the arguments do not fit. */
  readonly bind: (parts: readonly Bound[]) => Bound | string
}
