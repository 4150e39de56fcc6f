/** Compares what a home answers with what was recorded when it was made. */
import { isDeepStrictEqual } from 'node:util'
import type { ServerProcess } from '../server-process.ts'
import { isAllowed, jsonOf } from './answers.ts'
import { changes, moved } from './changes.ts'
import type { HomeRecord, RecordedAnswer } from './home-record.ts'

export interface Difference {
  /** Such as `GET /api/v1/datasets/orders: columns[2].type`. */
  readonly at: string
  readonly recorded: unknown
  readonly now: unknown
}

/** Fields that change by themselves, by their name and the route they are in. */
const volatile: readonly (readonly [route: RegExp, field: RegExp])[] = [
  [/./, /^(asOf|elapsedMs|cached|requestId|nextRunAt)$/],
  [/\/tokens/, /(^|\.)usedAt$/],
  [/\/datasets/, /(^|\.)bytes$/],
  [/\/pipelines/, /(^|\.)nextRunAt$/],
]
/** Of a run that the kill cut off, only this is known beforehand. */
const certain = /(^|\.)(id|pipelineId|status|trigger|version|rows\.\w+|queuedAt)$/

const concurrency = 6

export interface Comparison {
  readonly differences: readonly Difference[]
  /** The declared changes that were needed. */
  readonly needed: ReadonlySet<unknown>
}

/** Asks every question, or those in `asked`. */
export async function compareAnswers(
  server: ServerProcess,
  home: { readonly name: string; readonly record: HomeRecord; readonly answers: readonly RecordedAnswer[] },
  asked = home.answers,
): Promise<Comparison> {
  const { name, record, answers } = home
  const ids = new Map(
    answers.flatMap(({ path, answer }) => {
      const { id, name: named } = (answer ?? {}) as { id?: string; name?: string }
      return /\/pipelines\/[^/]+$/.test(path) && id && named ? [[named, id] as const] : []
    }),
  )
  const needed = new Set<unknown>()
  const ask = async (question: RecordedAnswer): Promise<readonly Difference[]> => {
    const { method, path, token, allowed, answer } = question
    if (token !== undefined) {
      const now = await isAllowed(server, question, record.tokens)
      if (now === allowed) return []
      return [{ at: `${method} ${path} with the token "${token}": allowed`, recorded: allowed, now }]
    }
    const move = moved.find(({ at }) => at.test(`${method} ${path}`))
    if (move) needed.add(move)
    const now = await jsonOf(server, move ? { ...question, path: move.path(path, ids) } : question)
    const sql = (question.body as { sql?: string } | undefined)?.sql
    const place = `${method} ${path}${sql === undefined ? '' : ` "${sql}"`}`
    return differencesOf(answer, now)
      .filter(({ at }) => !moves(path, at, answer, record))
      .map((difference) => ({ ...difference, at: `${place}: ${difference.at}` }))
  }
  const found: Difference[] = []
  for (let first = 0; first < asked.length; first += concurrency)
    found.push(...(await Promise.all(asked.slice(first, first + concurrency).map(ask))).flat())
  const differences = found.filter(({ at, recorded, now }) => {
    const change = changes.find(
      (each) =>
        each.at.test(at) &&
        (each.home ?? name) === name &&
        (each.now === undefined || isDeepStrictEqual(each.now(recorded), now)),
    )
    if (change) needed.add(change)
    return change === undefined
  })
  return { differences, needed }
}

/** Fields that were not recorded are ignored; items of a list are not. Items with an id, code or name are found by it. */
export function differencesOf(recorded: unknown, now: unknown, at = ''): readonly Difference[] {
  if (Array.isArray(recorded) && Array.isArray(now)) return differencesOfLists(recorded, now, at)
  if (isObject(recorded) && isObject(now)) {
    return Object.entries(recorded).flatMap(([name, value]) =>
      differencesOf(value, now[name], at === '' ? name : `${at}.${name}`),
    )
  }
  return isDeepStrictEqual(recorded, now) ? [] : [{ at, recorded, now }]
}

function differencesOfLists(recorded: readonly unknown[], now: readonly unknown[], at: string): readonly Difference[] {
  const [keys, keysNow] = [keysOf(recorded), keysOf(now)]
  if (keys === undefined || keysNow === undefined) {
    const pairs = recorded.slice(0, now.length)
    return [
      ...(recorded.length === now.length ? [] : [{ at: `${at}.length`, recorded: recorded.length, now: now.length }]),
      ...pairs.flatMap((value, index) => differencesOf(value, now[index], `${at}[${index}]`)),
    ]
  }
  const found = keys.flatMap((key, index) => {
    const there = keysNow.indexOf(key)
    const place = `${at}[${key}]`
    return there < 0
      ? [{ at: place, recorded: recorded[index], now: undefined }]
      : differencesOf(recorded[index], now[there], place)
  })
  const added = keysNow.flatMap((key, index) =>
    keys.includes(key) ? [] : [{ at: `${at}[${key}]`, recorded: undefined, now: now[index] }],
  )
  const sameKeys = added.length === 0 && keys.length === keysNow.length
  const moved =
    sameKeys && !isDeepStrictEqual(keys, keysNow) ? [{ at: `${at} (order)`, recorded: keys, now: keysNow }] : []
  return [...found, ...added, ...moved]
}

function keysOf(list: readonly unknown[]): readonly string[] | undefined {
  for (const field of ['id', 'code', 'name']) {
    const keys = list.map((item) => (isObject(item) ? item[field] : undefined))
    if (keys.every((key) => typeof key === 'string' || typeof key === 'number') && new Set(keys).size === list.length)
      return keys.map(String)
  }
  return undefined
}

function moves(path: string, at: string, answer: unknown, { unfinished, schedules }: HomeRecord): boolean {
  if (volatile.some(([route, field]) => route.test(path) && field.test(at))) return true
  const pipelines = new Set(unfinished.map(({ pipeline }) => pipeline))
  const often = schedules.find(({ cron }) => cron.startsWith('*/'))?.id
  const datasets = new Set([
    'customers',
    'ticks',
    ...unfinished.flatMap(({ into }) => ('dataset' in into ? [into.dataset] : [])),
  ])
  const item = itemAt(answer, at)
  // The run that was cut off also makes its dataset.
  if (/^\/api\/v1\/(datasets|streams)/.test(path) && /(^|\.)(freshness|createdAt)$/.test(at))
    return datasets.has(String(item['name']))
  if (path.startsWith('/api/v1/pipelines') && /(^|\.)lastRun\./.test(at)) {
    if (item['id'] === often) return true
    return pipelines.has(String(item['id'])) && !certain.test(at)
  }
  return false
}

/** The item of a list that a place lies in; the answer itself where it is no list. */
function itemAt(answer: unknown, at: string): Readonly<Record<string, unknown>> {
  const key = /^items\[([^\]]+)\]/.exec(at)?.[1]
  if (key === undefined) return isObject(answer) ? answer : {}
  const { items } = answer as { items: readonly unknown[] }
  const item = items[keysOf(items)?.indexOf(key) ?? Number(key)]
  return isObject(item) ? item : {}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function report(differences: readonly Difference[]): string {
  const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300)
  const lines = differences
    .slice(0, 40)
    .map(({ at, recorded, now }) => `  ${at}\n    recorded: ${shown(recorded)}\n    now:      ${shown(now)}`)
  const rest = differences.length - lines.length
  return [...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n')
}
