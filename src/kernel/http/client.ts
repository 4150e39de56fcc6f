/**
 * A typed client made from a contract; runs in browsers and in Node.
 *
 * ```ts
 * import { datasetsContract } from '#modules/datasets/contract'
 *
 * const datasets = client(datasetsContract, { baseUrl: url, token })
 * await datasets.get({ params: { name: 'orders' } }) // { name: 'orders', kind: 'events', … }
 * ```
 */
import type { z } from 'zod'
import { parseJsonValue } from '#core/parse-json'
import type { Contract, HttpMethod, Operation, RawAnswer, RawBody } from '../module/contract.ts'

export interface ClientOptions {
  /** Empty in a browser: the page's own origin. */
  readonly baseUrl: string
  /** Without one the browser's session counts. */
  readonly token?: string
  /** For what changes from call to call, such as the guard against forged requests. */
  readonly headers?: () => Readonly<Record<string, string>>
  readonly fetch?: typeof fetch
  /** Of answers; `JSON.parse` rounds long numbers. */
  readonly parse?: (text: string) => unknown
}

type NoFields = Record<never, never>
type InputPart<Name extends string, S> = S extends z.ZodType
  ? NoFields extends z.input<S>
    ? { readonly [K in Name]?: z.input<S> }
    : undefined extends z.input<S>
      ? { readonly [K in Name]?: z.input<S> }
      : { readonly [K in Name]: z.input<S> }
  : NoFields
type BodyPart<S> = S extends RawBody ? { readonly body: BodyInit; readonly contentType: string } : InputPart<'body', S>

export type ClientInput<O extends Operation> = InputPart<'params', NonNullable<O['params']>> &
  InputPart<'query', NonNullable<O['query']>> &
  BodyPart<NonNullable<O['body']>> & {
    readonly signal?: AbortSignal
    readonly headers?: Readonly<Record<string, string>>
  }

export type ClientAnswer<O extends Operation> = O['answer'] extends RawAnswer
  ? Response
  : z.output<Extract<O['answer'], z.ZodType>>

type Call<O extends Operation> =
  Record<never, never> extends Omit<ClientInput<O>, 'signal' | 'headers'>
    ? (input?: ClientInput<O>) => Promise<ClientAnswer<O>>
    : (input: ClientInput<O>) => Promise<ClientAnswer<O>>

export type Client<C extends Contract> = { readonly [K in keyof C['operations']]: Call<C['operations'][K]> }

type RouteOf<O> = O extends { readonly method: infer M extends string; readonly path: infer P extends string }
  ? `${M} ${P}`
  : never

/** What a contract answers as JSON, by `GET /api/v1/jobs/{id}`. */
type Routes<C extends Contract> = {
  [
    K in keyof C['operations'] as C['operations'][K]['answer'] extends RawAnswer ? never : RouteOf<C['operations'][K]>
  ]: C['operations'][K]
}

type At<C extends Contract, Route> = Route extends keyof Routes<C>
  ? Routes<C>[Route] extends infer O extends Operation
    ? O
    : never
  : never

type RouteInput<O extends Operation> = Omit<ClientInput<O>, 'headers' | 'signal'> & {
  readonly signal?: AbortSignal | undefined
}

export type TypedRequest<C extends Contract> = <const Route extends keyof Routes<C> & string>(
  route: Route,
  ...input: NoFields extends RouteInput<At<C, Route>>
    ? [input?: RouteInput<At<C, Route>>]
    : [input: RouteInput<At<C, Route>>]
) => Promise<ClientAnswer<At<C, Route>>>

/** The answer of a contract's operation: `AnswerOf<typeof jobsContract, 'GET /api/v1/jobs'>`. */
export type AnswerOf<C extends Contract, Route extends keyof Routes<C>> = ClientAnswer<At<C, Route>>

/** Sends one request. `path` has its parameters filled in. */
export type Send = (
  method: HttpMethod,
  path: string,
  options: {
    readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
    readonly body?: unknown
    readonly signal?: AbortSignal | undefined
  },
) => Promise<unknown>

/**
 * Types a request by a contract of which nothing is loaded: method and path are written where they are
 * used, and the compiler refuses what the contract does not have. This keeps zod out of the browser.
 *
 * ```ts
 * import type { datasetsContract } from '#modules/datasets/contract'
 *
 * const ask = typedRequest<typeof datasetsContract>(async (method, path) => {
 *   const answer = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })
 *   return await answer.json()
 * })
 * await ask('GET /api/v1/datasets/{name}', { params: { name: 'orders' } }) // { name: 'orders', kind: 'events', … }
 * ```
 */
export function typedRequest<C extends Contract>(send: Send): TypedRequest<C> {
  const ask = (route: string, { params, ...rest }: LooseInput = {}): Promise<unknown> => {
    const space = route.indexOf(' ')
    return send(
      route.slice(0, space) as HttpMethod,
      filledPath(route.slice(space + 1), params),
      rest as Parameters<Send>[2],
    )
  }
  return ask as TypedRequest<C>
}

/** The server's problem, as an error. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly problems: readonly {
    readonly at: string
    readonly code: string
    readonly message: string
    readonly suggestion?: string
  }[]
  readonly requestId: string | undefined
  /** The problem document as it came. */
  readonly answer: object

  constructor(
    status: number,
    answer: { code?: string; title?: string; detail?: string; problems?: ProblemError['problems']; requestId?: string },
  ) {
    super(answer.detail ?? answer.title ?? `The server answered ${status}.`)
    this.status = status
    this.code = answer.code ?? `http.${status}`
    this.title = answer.title ?? 'Unexpected answer'
    this.problems = answer.problems ?? []
    this.requestId = answer.requestId
    this.answer = answer
  }
}

export interface LooseInput {
  readonly params?: object
  readonly query?: object
  readonly body?: unknown
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export function client<C extends Contract>(contract: C, options: ClientOptions): Client<C> {
  const calls = Object.entries(contract.operations).map(([name, operation]) => [
    name,
    (input: LooseInput = {}) => callOperation(operation, input, options),
  ])
  return Object.fromEntries(calls) as Client<C>
}

/** One call without types, for those who know the operation only at run time. */
export async function callOperation(operation: Operation, input: LooseInput, options: ClientOptions): Promise<unknown> {
  const raw = operation.body !== undefined && 'raw' in operation.body
  const send = options.fetch ?? fetch
  const headers: Record<string, string> = { ...options.headers?.(), ...input.headers }
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`
  if (input.body !== undefined)
    headers['content-type'] = raw ? (input.contentType ?? 'application/octet-stream') : 'application/json'
  const response = await send(options.baseUrl + address(operation.path, input), {
    method: operation.method,
    headers,
    ...(options.token === undefined && { credentials: 'same-origin' as const }),
    ...(input.body !== undefined && { body: raw ? (input.body as BodyInit) : JSON.stringify(input.body) }),
    ...(input.body instanceof ReadableStream && { duplex: 'half' }),
    ...(input.signal && { signal: input.signal }),
  })
  if (!response.ok) throw await problemOf(response)
  if ('raw' in operation.answer) return response
  return response.status === 204 ? undefined : (options.parse ?? parseJsonValue)(await response.text())
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text()
  try {
    return new ProblemError(response.status, parseJsonValue(text) as object)
  } catch {
    return new ProblemError(response.status, {
      detail: `The server answered ${response.status} ${response.statusText}: ${text.slice(0, 200)}`,
    })
  }
}

function filledPath(path: string, params: object = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name] ?? '')),
  )
}

function address(path: string, { params, query = {} }: LooseInput): string {
  const filled = filledPath(path, params)
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) search.append(name, String(one))
  }
  return search.size > 0 ? `${filled}?${search}` : filled
}
