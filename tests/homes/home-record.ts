/** What is written down beside the archive of a home: `home.json` and `answers.ndjson`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface HomeRecord {
  /** When its server was killed. */
  readonly madeAt: string
  readonly commit: string
  /** Values of the tokens by name; one of them was revoked. */
  readonly tokens: Readonly<Record<string, string>>
  /** Of a signed-in browser. */
  readonly cookie: string
  /** A block that is sent again under its key. */
  readonly repeated: { readonly path: string; readonly key: string; readonly body: unknown; readonly answer: unknown }
  /** Pipelines that send a kept secret. */
  readonly secrets: {
    readonly http: { readonly id: string; readonly token: string; readonly apiKey: string }
    readonly postgresSource: { readonly id: string; readonly password: string }
    readonly postgresDestination: { readonly id: string; readonly password: string }
  }
  readonly schedules: readonly ScheduleRecord[]
  readonly unfinished: readonly Unfinished[]
  /** A paused streaming pipeline that has loaded a part of its stream. */
  readonly half: { readonly id: string; readonly dataset: string; readonly missing: number; readonly rows: number }
}

export interface ScheduleRecord {
  readonly id: string
  readonly name: string
  readonly cron: string
  readonly zone: string
  readonly status: 'active' | 'paused'
}

/** A run that the kill cut off, with what must be loaded once it has ended. */
export interface Unfinished {
  readonly run: string
  readonly pipeline: string
  readonly name: string
  readonly kind: 'batch' | 'streaming'
  /** Where the kill caught it. */
  readonly caught: string
  readonly into: { readonly dataset: string } | { readonly file: string }
  readonly rows: number
  readonly sum: string
  readonly quarantined: number
}

/** A question to the server and what the old version answered. */
export interface RecordedAnswer {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** By name; the admin token where it is absent. */
  readonly token?: string
  readonly answer?: unknown
  /** Instead of an answer: whether the token may do this. */
  readonly allowed?: boolean
}

export function readRecord(folder: string): HomeRecord {
  return JSON.parse(readFileSync(join(folder, 'home.json'), 'utf8')) as HomeRecord
}

export function readAnswers(folder: string): readonly RecordedAnswer[] {
  return readFileSync(join(folder, 'answers.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedAnswer)
}

export function writeRecord(folder: string, record: HomeRecord, answers: readonly RecordedAnswer[]): void {
  writeFileSync(join(folder, 'home.json'), `${JSON.stringify(record, null, 2)}\n`)
  writeFileSync(join(folder, 'answers.ndjson'), answers.map((each) => `${JSON.stringify(each)}\n`).join(''))
}
