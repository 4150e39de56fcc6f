/**
 * Errors are a catalogue: each has a code, a kind, typed parameters, a sentence that
 * names the thing, and what to do next.
 *
 * ```ts
 * export const metricErrors = defineErrors('metrics', {
 *   unknown: {
 *     kind: 'not_found',
 *     title: 'Metric not found',
 *     says: (p: { code: string }) => `There is no metric "${p.code}" in this workspace.`,
 *     remedy: 'List the metrics with GET /api/v1/metrics.',
 *   },
 * })
 * const error = metricErrors.unknown({ code: 'SAL.REV' })
 * error.message // 'There is no metric "SAL.REV" in this workspace.'
 * error.code // 'metrics.unknown'
 * error.status // 404
 *
 * defineErrors('shelves', {
 *   taken: {
 *     kind: 'conflict',
 *     title: 'Taken',
 *     says: (p: { name: string }) => `There is a shelf "${p.name}" already.`,
 *     remedy: 'Change it with PUT /api/v1/shelves/{name}.',
 *   },
 * }).taken({ name: 'north east' }).remedy // 'Change it with PUT /api/v1/shelves/north%20east.'
 * ```
 */
import { withoutUrlSecrets } from './masked-urls.ts'

export const errorKinds = {
  invalid: 422,
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  not_allowed: 405,
  too_slow: 408,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  limited: 429,
  bug: 500,
  unavailable: 503,
  timeout: 504,
} as const

export type ErrorKind = keyof typeof errorKinds

/** One thing wrong at one place of a definition or request. `at` is a path such as `measure.expression`. */
export interface Problem {
  readonly at: string
  readonly code: string
  readonly message: string
  readonly suggestion?: string
}

export class MillraceError extends Error {
  override readonly name = 'MillraceError'
  readonly code: string
  readonly kind: ErrorKind
  readonly title: string
  readonly remedy: string | undefined
  readonly problems: readonly Problem[]

  constructor(init: {
    code: string
    kind: ErrorKind
    title: string
    detail: string
    remedy?: string | undefined
    problems?: readonly Problem[] | undefined
    cause?: unknown
  }) {
    super(withoutUrlSecrets(init.detail), init.cause === undefined ? undefined : { cause: init.cause })
    this.code = init.code
    this.kind = init.kind
    this.title = init.title
    this.remedy = init.remedy
    this.problems = (init.problems ?? []).map(withoutSecrets)
  }

  get status(): number {
    return errorKinds[this.kind]
  }
}

function withoutSecrets({ suggestion, ...problem }: Problem): Problem {
  return {
    ...problem,
    message: withoutUrlSecrets(problem.message),
    ...(suggestion === undefined ? {} : { suggestion: withoutUrlSecrets(suggestion) }),
  }
}

export interface ErrorSpec<P> {
  readonly kind: ErrorKind
  readonly title: string
  readonly says: (parameters: P) => string
  /** `{name}` is the parameter `name`, written for a path. */
  readonly remedy?: string
}

type Unfilled<R extends string, P> = R extends `${string}{${infer Name}}${infer Rest}`
  ? Name extends keyof P | NoPlaceholder
    ? Unfilled<Rest, P>
    : Name
  : never

/** Braces of JSON and of code. */
type NoPlaceholder = `${string}${' ' | '"'}${string}`

/** Does not compile for a remedy with a placeholder that is no parameter of its entry. */
export type FilledRemedies<S> = {
  readonly [K in keyof S]: S[K] extends {
    readonly says: (parameters: infer P) => string
    readonly remedy: infer R extends string
  }
    ? [Unfilled<R, P>] extends [never]
      ? unknown
      : { readonly remedy: `No parameter of this entry is called "${Unfilled<R, P>}".` }
    : unknown
}

export function filledRemedy(remedy: string | undefined, parameters: unknown): string | undefined {
  return remedy?.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((parameters as Readonly<Record<string, unknown>>)[name])),
  )
}

type ErrorMaker<S> =
  S extends ErrorSpec<infer P>
    ? (parameters: P, more?: { problems?: readonly Problem[]; cause?: unknown }) => MillraceError
    : never

// `any`: the parameters of each entry differ; ErrorMaker recovers each entry's own.
type ErrorSpecs = Record<string, ErrorSpec<any>>

export type ErrorCatalogue<S extends ErrorSpecs> = { readonly [K in keyof S]: ErrorMaker<S[K]> } & {
  /** What the codes begin with. */
  readonly $area: string
  /** The entries as data, for the reference page and for tests. */
  readonly $entries: S
}

export function defineErrors<const S extends ErrorSpecs>(
  area: string,
  specs: S & FilledRemedies<S>,
): ErrorCatalogue<S> {
  const makers = Object.entries(specs).map(([name, spec]) => [
    name,
    (parameters: unknown, more?: { problems?: readonly Problem[]; cause?: unknown }) =>
      new MillraceError({
        code: `${area}.${name}`,
        kind: spec.kind,
        title: spec.title,
        detail: spec.says(parameters),
        remedy: filledRemedy(spec.remedy, parameters),
        problems: more?.problems,
        cause: more?.cause,
      }),
  ])
  return Object.assign(Object.fromEntries(makers), { $area: area, $entries: specs }) as ErrorCatalogue<S>
}

export function isMillraceError(error: unknown): error is MillraceError {
  return error instanceof MillraceError
}
