/** Page after page of records, each asked for as the one before says. */
import type { BatchRecord } from '../batches.ts'
import type { ClientRequest, HttpClient, HttpPage } from './client.ts'
import { formatOf, listAt, recordsOf } from './decode.ts'
import type { BodyFormat } from './decode.ts'
import { httpFailures } from './errors.ts'
import { shownUrl } from './follow.ts'
import { at } from './json-path.ts'

export type Pagination =
  | { readonly type: 'none' }
  | { readonly type: 'page'; readonly parameter: string; readonly start: number; readonly maxPages: number }
  | { readonly type: 'offset'; readonly parameter: string; readonly maxPages: number }
  /** The answer has the address of the next page, or with `parameter` a token for it. */
  | { readonly type: 'next'; readonly at: string; readonly parameter?: string | undefined; readonly maxPages: number }
  /** The `Link` header. */
  | { readonly type: 'link'; readonly maxPages: number }

export interface PagesRequest extends ClientRequest {
  readonly pagination: Pagination
  /** The path of the list of records. */
  readonly records?: string
  readonly format?: BodyFormat
}

export interface RecordPage {
  readonly rows: readonly BatchRecord[]
  /** Of the page that comes next; absent behind the last one. A source can keep it as its state. */
  readonly next?: string
}

/** The pages that have records, until there is no next one. */
export async function* pagesOf(client: HttpClient, request: PagesRequest): AsyncGenerator<RecordPage> {
  const { pagination, records = '$' } = request
  const max = pagination.type === 'none' ? 1 : pagination.maxPages
  let url: string | undefined = firstUrl(request)
  let seen = 0
  let first: string | undefined
  for (let page = 0; url !== undefined; page += 1) {
    if (page === max) throw httpFailures.pages({ url: first ?? '', pages: max })
    const answer: HttpPage = await client.read({ ...request, url })
    first ??= shownUrl(answer.url)
    const { whole, rows } = await decoded(answer, records, request.format)
    seen += rows.length
    const next = nextUrl(request, { answer, whole, page, seen, rows: rows.length, url })
    if (rows.length > 0) yield next === undefined ? { rows } : { rows, next }
    url = next
  }
}

async function decoded(
  answer: HttpPage,
  records: string,
  format: BodyFormat = formatOf(answer.headers),
): Promise<{ whole: unknown; rows: readonly BatchRecord[] }> {
  if (format === 'json') {
    const whole = answer.json()
    return { whole, rows: listAt(whole, records, shownUrl(answer.url)) }
  }
  const rows: BatchRecord[] = []
  const body = (async function* () {
    yield answer.bytes
  })()
  for await (const row of recordsOf({ ...answer, body }, { records, format })) rows.push(row)
  return { whole: rows, rows: format === 'ndjson' ? listAt(rows, records, shownUrl(answer.url)) : rows }
}

function firstUrl({ url, pagination }: PagesRequest): string {
  if (pagination.type === 'page') return withParameter(url, pagination.parameter, String(pagination.start))
  if (pagination.type === 'offset') return withParameter(url, pagination.parameter, '0')
  return url
}

function nextUrl(
  { url, pagination }: PagesRequest,
  got: { answer: HttpPage; whole: unknown; page: number; seen: number; rows: number; url: string },
): string | undefined {
  switch (pagination.type) {
    case 'none':
      return undefined
    case 'page':
      return got.rows === 0
        ? undefined
        : withParameter(url, pagination.parameter, String(pagination.start + got.page + 1))
    case 'offset':
      return got.rows === 0 ? undefined : withParameter(url, pagination.parameter, String(got.seen))
    case 'next': {
      const next = at(got.whole, pagination.at)
      if (next === undefined || next === null || next === '' || next === false) return undefined
      return pagination.parameter === undefined
        ? new URL(textOf(next), got.answer.url).href
        : withParameter(url, pagination.parameter, textOf(next))
    }
    case 'link': {
      const link = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(got.answer.headers['link'] ?? '')?.[1]
      return link === undefined ? undefined : new URL(link, got.answer.url).href
    }
  }
}

/** Numbers whose digits JavaScript would change are objects with their text. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'rawJSON' in value ? String(value.rawJSON) : String(value)
}

/** The address may be relative. */
function withParameter(url: string, name: string, value: string): string {
  const [path = '', query = ''] = url.split('#')[0]!.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set(name, value)
  return `${path}?${parameters.toString()}`
}
