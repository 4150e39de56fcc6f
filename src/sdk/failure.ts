/**
 * Failures of connectors are errors with a kind, on which retry, checks and diagnosis depend. Only a connector looks at
 * the text of its driver or engine, where that has nothing better.
 *
 * ```ts
 * const shopFailures = defineFailures('shop', {
 *   busy: {
 *     kind: 'limited',
 *     failure: 'rate_limited',
 *     title: 'The shop is busy',
 *     says: (p: { place: string }) => `"${p.place}" accepts no more requests now.`,
 *     remedy: 'Wait a moment.',
 *   },
 * })
 * const error = shopFailures.busy({ place: 'shop.example' }, { retryAt: '2026-01-01T00:00:00.000Z' })
 * failureOf(error) // { kind: 'rate_limited', retryAt: '2026-01-01T00:00:00.000Z' }
 * diagnosisOf(error)?.remedy // 'Wait a moment.'
 * ```
 */
import { filledRemedy, isMillraceError, MillraceError } from '#core/errors'
import type { ErrorKind, ErrorSpec, FilledRemedies, Problem } from '#core/errors'

export const failureKinds = [
  'credentials',
  'permission',
  'rate_limited',
  'not_found',
  'schema',
  'data',
  'capacity',
  'transient',
  'configuration',
] as const
export type FailureKind = (typeof failureKinds)[number]

export interface Failure {
  readonly kind: FailureKind
  /** When it is worth to try again, as an ISO time; for `rate_limited`. */
  readonly retryAt?: string
}

export class ConnectorFailure extends MillraceError {
  readonly failure: Failure

  constructor(init: ConstructorParameters<typeof MillraceError>[0] & { readonly failure: Failure }) {
    super(init)
    this.failure = init.failure
  }
}

export interface FailureSpec<P> extends ErrorSpec<P> {
  readonly failure: FailureKind | ((parameters: P) => FailureKind)
}

interface More {
  readonly problems?: readonly Problem[]
  readonly cause?: unknown
  readonly retryAt?: string
  /** In place of that of the entry. */
  readonly remedy?: string
}

// `any`: the parameters of each entry differ; FailureMaker recovers each entry's own.
type FailureSpecs = Record<string, FailureSpec<any>>
type FailureMaker<S> = S extends FailureSpec<infer P> ? (parameters: P, more?: More) => ConnectorFailure : never

export type FailureCatalogue<S extends FailureSpecs> = { readonly [K in keyof S]: FailureMaker<S[K]> } & {
  readonly $area: string
  readonly $entries: S
}

export function defineFailures<const S extends FailureSpecs>(
  area: string,
  specs: S & FilledRemedies<S>,
): FailureCatalogue<S> {
  const makers = Object.entries(specs).map(([name, spec]) => [
    name,
    (parameters: unknown, { retryAt, ...more }: More = {}) =>
      new ConnectorFailure({
        code: `${area}.${name}`,
        kind: spec.kind,
        title: spec.title,
        detail: spec.says(parameters),
        remedy: filledRemedy(spec.remedy, parameters),
        failure: {
          kind: typeof spec.failure === 'function' ? spec.failure(parameters) : spec.failure,
          ...(retryAt === undefined ? {} : { retryAt }),
        },
        ...more,
      }),
  ])
  return Object.assign(Object.fromEntries(makers), { $area: area, $entries: specs }) as FailureCatalogue<S>
}

/** What a kind of error means when it comes from somewhere that knows no failures, such as the network guard. */
const failureOfKind: Readonly<Record<ErrorKind, FailureKind | undefined>> = {
  invalid: 'configuration',
  malformed: 'configuration',
  unauthenticated: 'credentials',
  forbidden: 'permission',
  not_found: 'not_found',
  not_allowed: 'configuration',
  too_slow: 'transient',
  conflict: 'configuration',
  too_large: 'capacity',
  unsupported: 'configuration',
  limited: 'capacity',
  bug: undefined,
  unavailable: 'transient',
  timeout: 'transient',
}

/** `undefined` for what is no failure of a source or destination, but a bug. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof ConnectorFailure) return error.failure
  const kind = isMillraceError(error) ? failureOfKind[error.kind] : undefined
  return kind && { kind }
}

export interface Diagnosis {
  readonly kind: FailureKind
  readonly detail: string
  readonly remedy: string
}

/** What is shown to a person who checks a connection. `undefined` for a bug. */
export function diagnosisOf(error: unknown): Diagnosis | undefined {
  const failure = failureOf(error)
  if (failure === undefined || !isMillraceError(error)) return undefined
  return { kind: failure.kind, detail: error.message, remedy: error.remedy ?? remedies[failure.kind] }
}

const remedies: Readonly<Record<FailureKind, string>> = {
  credentials: 'Correct the user, the password or the token.',
  permission: 'Give the account the permission, or use another account.',
  rate_limited: 'Try again later.',
  not_found: 'Correct the name.',
  schema: 'Compare the columns of both sides.',
  data: 'Correct the rows.',
  capacity: 'Ask for less at once, or make room.',
  transient: 'Try again.',
  configuration: 'Correct the settings.',
}

/** Whether the same may go better a moment later. */
export function isTransient(error: unknown): boolean {
  const kind = failureOf(error)?.kind
  return kind === 'transient' || kind === 'rate_limited'
}
