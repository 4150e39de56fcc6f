/**
 * A contract is what a module offers to the outside, once: from it come the HTTP routes, OpenAPI,
 * the typed client of the web, the command line, permission checks and audit entries.
 *
 * ```ts
 * import { z } from 'zod'
 * import { MetricDefinition } from '#core/metric'
 *
 * export const metricsContract = defineContract('metrics', {
 *   get: operation({
 *     method: 'GET', path: '/api/v1/metrics/{code}', permission: 'metrics.read',
 *     summary: 'One metric with its definition.',
 *     params: z.object({ code: z.string() }), answer: MetricDefinition,
 *   }),
 * })
 * ```
 */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Actor } from '#core/actor'
import type { ObjectRef } from '#core/object-ref'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType | RawBody = z.ZodType | RawBody,
  Answer extends z.ZodType | RawAnswer = z.ZodType | RawAnswer,
> {
  readonly method: HttpMethod
  /** OpenAPI's form, `{name}` for parameters. */
  readonly path: string
  /** Further paths that lead to the same operation. */
  readonly aliases?: readonly string[]
  /** A permission the module declares, or `public` (no token needed). */
  readonly permission: string
  /** One sentence; becomes help text everywhere. */
  readonly summary: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly answer: Answer
  /** Headers of a request that the handler reads, by name, with what each is for. */
  readonly headers?: Readonly<Record<string, string>>
  /** A body that is accepted as it is, for the documentation. */
  readonly example?: unknown
  /** Status of success; 200 unless said otherwise, 204 where nothing is answered. */
  readonly status?: number
  /** Further statuses of success, with the same answer. */
  readonly otherStatuses?: readonly number[]
  /** Name on the command line, words separated by spaces (`pipelines run`); `false`: not there. Default: `<module> <operation>`. */
  readonly command?: string | false
  /** Fields of the answer (or of its `items`) that the command line's table shows, in order. Default: the first few. */
  readonly columns?: readonly string[]
  /** Numbers of the body that JavaScript would change arrive as raw JSON: `JSON.stringify` writes them as they came. For bodies with rows. */
  readonly keepsDigits?: true
  /** A JSON body beyond this is refused with 413. Default: 8 MiB. */
  readonly maxBodyBytes?: number
  /** Whether it changes anything. `GET` reads; every other method must say. What writes is in the audit trail. */
  readonly effect?: 'read' | 'write'
  /** Which object a write is about. `answer` is absent before the handler has returned and when it fails. */
  subject?(given: {
    readonly params: Output<Params>
    readonly body: Output<Body>
    readonly answer: Output<Answer> | undefined
  }): ObjectRef
  /**
   * The read operation of the same contract that answers the subject without secrets. The audit trail keeps
   * its answer from before the write, and the answer of the write where it has the same schema.
   */
  readonly changes?: string
  /** `summary`: equal calls of a minute become one entry, for operations that come in thousands. Default: `each`. */
  readonly audit?: 'each' | 'summary'
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined

/** A body the handler reads itself. */
export interface RawBody {
  readonly raw: true
  readonly contentTypes: readonly string[]
  /** What the JSON types hold, for the documentation. */
  readonly json?: z.ZodType
  /** Refused with 413 beyond this. */
  readonly maxBytes: number
}

/** An answer the handler streams itself, always a `RawReply`. */
export interface RawAnswer {
  readonly raw: true
  readonly contentTypes: readonly string[]
  /** What the JSON types hold, for the documentation. */
  readonly json?: z.ZodType
}

/** The status of an answer that does not set one itself. */
export function successStatus({ status, answer }: Pick<Operation, 'status' | 'answer'>): number {
  if (status !== undefined) return status
  return !('raw' in answer) && ['void', 'undefined'].includes(answer._zod.def.type) ? 204 : 200
}

/** What a handler with a raw answer returns. A stream's failure midway cuts the connection. */
export class RawReply {
  readonly contentType: string
  readonly body: Readable | Uint8Array | string
  readonly headers: Readonly<Record<string, string>>
  constructor(
    contentType: string,
    body: Readable | Uint8Array | string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.contentType = contentType
    this.body = body
    this.headers = headers
  }
}

/** `json` answers may set another status or headers than the contract's. */
export class JsonReply<T> {
  readonly value: T
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(value: T, status: number, headers: Readonly<Record<string, string>> = {}) {
    this.value = value
    this.status = status
    this.headers = headers
  }
}

/** Keeps method and path as literal types: the web names an operation by them (`typedRequest` of the client). */
export function operation<
  const Method extends HttpMethod,
  const Path extends string,
  Params extends z.ZodType = z.ZodObject<{}>,
  Query extends z.ZodType = z.ZodObject<{}>,
  Body extends z.ZodType | RawBody = z.ZodUndefined,
  Answer extends z.ZodType | RawAnswer = z.ZodVoid,
>(
  spec: Operation<Params, Query, Body, Answer> & { readonly method: Method; readonly path: Path },
): Operation<Params, Query, Body, Answer> & { readonly method: Method; readonly path: Path } {
  return spec
}

export type Operations = Readonly<Record<string, Operation>>

export interface Contract<O extends Operations = Operations> {
  readonly name: string
  readonly operations: O
}

export function defineContract<const O extends Operations>(name: string, operations: O): Contract<O> {
  return { name, operations }
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : unknown

/** One request as a handler sees it: parsed, authorised, with its actor and deadline. */
export interface Call<O extends Operation = Operation> {
  readonly params: Parsed<NonNullable<O['params']>>
  readonly query: Parsed<NonNullable<O['query']>>
  readonly body: NonNullable<O['body']> extends RawBody ? IncomingBody : Parsed<NonNullable<O['body']>>
  readonly actor: Actor
  /** The same as `actor.workspace`: the only source of the workspace. */
  readonly workspace: string
  readonly requestId: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Aborted when the caller goes away or the server stops. */
  readonly signal: AbortSignal
  /** For operations that prove who the caller is (sign-in): the audit trail then names this actor. */
  readonly identified: (actor: Actor) => void
  /** The plain request, for what no contract can say (remote address, upgrade). */
  readonly request: IncomingMessage | undefined
}

export interface IncomingBody {
  readonly contentType: string
  readonly stream: Readable
  /** The whole body; rejects beyond the contract's `maxBytes`. */
  bytes(): Promise<Buffer>
}

type Answered<O extends Operation> = O['answer'] extends RawAnswer
  ? RawReply | JsonReply<unknown>
  : z.input<Extract<O['answer'], z.ZodType>> | JsonReply<z.input<Extract<O['answer'], z.ZodType>>>

// Declared as a method, so that handlers of different operations fit into one table.
export type Handler<O extends Operation = Operation> = {
  handle(call: Call<O>): Promise<Answered<O>> | Answered<O>
}['handle']

/** What a module hands back for its contract: one handler per operation, none missing. */
export type Handlers<C extends Contract> = { readonly [K in keyof C['operations']]: Handler<C['operations'][K]> }
