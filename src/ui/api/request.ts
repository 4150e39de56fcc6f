import type { Problem } from '#core/errors'
import { parseJsonValue } from '#core/parse-json'
import { ApiProblem, problemOf } from './api-problem.ts'

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  /** For JSON whose numbers must keep their digits; otherwise `parseJsonValue` and `JSON.stringify`. */
  readonly json?: JsonFormat
}

export interface JsonFormat {
  parse(text: string): unknown
  stringify(value: unknown): string
}

const plainJson: JsonFormat = { parse: parseJsonValue, stringify: (value) => JSON.stringify(value) }

let csrf: string | undefined
const signedOutListeners = new Set<() => void>()

/** The guard that goes with the session's cookie; set when the session is read. */
export function holdCsrf(token: string | undefined): void {
  csrf = token
}

/** Called when the server no longer knows us. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

/** Asks the API. Rejects with an `ApiProblem` that a page can show as it is. */
export async function request<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { query, body, signal, json = plainJson }: RequestOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (csrf !== undefined && method !== 'GET') headers['x-millrace-csrf'] = csrf
  if (body !== undefined) headers['content-type'] = 'application/json'
  const response = await reach(path + searchOf(query), {
    method,
    headers,
    credentials: 'same-origin',
    body: body === undefined ? null : json.stringify(body),
    signal: signal ?? null,
  })
  if (response.ok) return (response.status === 204 ? undefined : await answerOf(response, json)) as Answer
  const problem = await problemOf(response)
  if (response.status === 401) for (const listener of signedOutListeners) listener()
  throw problem
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiProblem({
      status: 0,
      code: 'web.unreachable',
      title: 'The server does not answer',
      detail: 'Millrace could not be reached from this browser.',
      remedy: 'See whether the server is running and the network is up; the page continues by itself.',
      problems: [] as Problem[],
    })
  }
}

async function answerOf(response: Response, { parse }: JsonFormat): Promise<unknown> {
  const text = await response.text()
  return text === '' ? undefined : parse(text)
}

function searchOf(query: RequestOptions['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') search.set(name, String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
