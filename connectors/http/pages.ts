import type { HttpAnswer, Surroundings } from '#sdk'
import type { HttpSettings } from './settings.ts'
import { httpErrors } from './errors.ts'
import { at, parseBody } from './json.ts'

type Records = readonly Readonly<Record<string, unknown>>[]

/** One batch a page, until there is no next one. */
export async function* fetchPages(
  settings: HttpSettings,
  around: Surroundings,
  signal: AbortSignal,
): AsyncGenerator<{ readonly rows: Records }> {
  const { pagination } = settings
  const most = pagination.type === 'none' ? 1 : pagination.maxPages
  let url: string | undefined = firstUrl(settings)
  let seen = 0
  for (let page = 0; url !== undefined; page += 1) {
    if (page === most) throw httpErrors.pages({ url: settings.url, pages: most })
    const answer: HttpAnswer = await around.network.request({
      url,
      method: settings.method,
      headers: {
        accept: 'application/json',
        ...(settings.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...settings.headers,
        ...sameOrigin(url, settings),
      },
      ...(settings.body === undefined ? {} : { body: settings.body }),
      maxBytes: settings.maxMegabytes * 1_000_000,
      timeoutMs: settings.timeoutSeconds * 1000,
      signal,
    })
    if (answer.status < 200 || answer.status > 299) throw httpErrors.status({ url, status: answer.status })
    const { whole, records } = recordsOf(answer, settings)
    seen += records.length
    if (records.length > 0) yield { rows: records }
    url = nextUrl(settings, { answer, whole, page, seen, records: records.length, url })
  }
}

/** The token goes to the server it was given for, not to wherever a next link points. */
function sameOrigin(url: string, settings: HttpSettings): Record<string, string> {
  return settings.token !== undefined && new URL(url).origin === new URL(settings.url).origin
    ? { authorization: `Bearer ${settings.token}` }
    : {}
}

function recordsOf(answer: HttpAnswer, settings: HttpSettings): { whole: unknown; records: Records } {
  const text = new TextDecoder().decode(answer.body)
  const lines = /ndjson|jsonl|json-?lines/.test(answer.headers['content-type'] ?? '')
  const whole = lines
    ? text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => parseBody(line, settings.url))
    : parseBody(text, settings.url)
  const found = at(whole, settings.records)
  const list = Array.isArray(found) ? found : settings.records === '$' && isRecord(found) ? [found] : undefined
  if (list === undefined) {
    throw httpErrors.records({
      url: settings.url,
      path: settings.records,
      found: found === undefined ? 'nothing' : found === null ? 'null' : `a ${typeof found}`,
    })
  }
  return { whole, records: list.map((entry) => (isRecord(entry) ? entry : { value: entry })) }
}

function firstUrl(settings: HttpSettings): string {
  const { pagination } = settings
  if (pagination.type === 'page') return withParameter(settings.url, pagination.parameter, String(pagination.start))
  if (pagination.type === 'offset') return withParameter(settings.url, pagination.parameter, '0')
  return settings.url
}

function nextUrl(
  settings: HttpSettings,
  got: { answer: HttpAnswer; whole: unknown; page: number; seen: number; records: number; url: string },
): string | undefined {
  const { pagination } = settings
  switch (pagination.type) {
    case 'none':
      return undefined
    case 'page':
      return got.records === 0
        ? undefined
        : withParameter(settings.url, pagination.parameter, String(pagination.start + got.page + 1))
    case 'offset':
      return got.records === 0 ? undefined : withParameter(settings.url, pagination.parameter, String(got.seen))
    case 'next': {
      const next = at(got.whole, pagination.at)
      if (next === undefined || next === null || next === '' || next === false) return undefined
      return pagination.parameter === undefined
        ? new URL(textOf(next), got.url).href
        : withParameter(settings.url, pagination.parameter, textOf(next))
    }
    case 'link': {
      const link = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(got.answer.headers['link'] ?? '')?.[1]
      return link === undefined ? undefined : new URL(link, got.url).href
    }
  }
}

/** Numbers whose digits JavaScript would change are objects with their text. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'rawJSON' in value ? String(value.rawJSON) : String(value)
}

function withParameter(url: string, name: string, value: string): string {
  const made = new URL(url)
  made.searchParams.set(name, value)
  return made.href
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
