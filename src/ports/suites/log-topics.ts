/** Topics of the log suite, and what is in them. */
import type { Block, Log, Position, Topic } from '../log.ts'

export interface LogTopics {
  topicOf(name: string, workspace?: string): Topic
  opened(name: string, workspace?: string): Promise<Topic>
  /** In ascending order: rows of different partitions come in any order. */
  numbers(topic: Topic, after?: Position): Promise<number[]>
  merged(all: readonly Position[]): Position
}

export function logTopics(log: () => Log): LogTopics {
  const topicOf = (name: string, workspace = 'suite'): Topic => ({
    workspace,
    name,
    database: `ws_${workspace}`,
    table: name,
    rememberIdsMs: 86_400_000,
    columns: [
      { name: 'n', type: 'Int64', required: true },
      { name: 'text', type: 'String', required: false },
      { name: 'at', type: "DateTime64(6, 'UTC')", required: false },
    ],
  })
  return {
    topicOf,
    async opened(name, workspace) {
      const topic = topicOf(name, workspace)
      await log().open(topic)
      return topic
    },
    async numbers(topic, after = log().positions.start) {
      const { ndjson } = await log().read(topic, { after, limit: 10_000 })
      return rows(ndjson)
        .map((row) => Number(row.n))
        .toSorted((a, b) => a - b)
    },
    merged: (all) => all.reduce(log().positions.merge, log().positions.start),
  }
}

export function block(id: string, ...numbers: readonly number[]): Block {
  return { id, ndjson: Buffer.from(numbers.map((n) => `{"n":${n}}\n`).join('')), count: numbers.length }
}

export interface Row {
  readonly [column: string]: unknown
  readonly n: string
  readonly text: string | null
  readonly at: string | null
  readonly _position: unknown
  readonly _ingested_at: string
}

export function rows(ndjson: Uint8Array): Row[] {
  return Buffer.from(ndjson)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}
