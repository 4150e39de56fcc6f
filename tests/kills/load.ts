import { setTimeout as sleep } from 'node:timers/promises'
import { seed } from '../long-form.ts'
import { randomSource } from '../random.ts'
import type { ServerProcess } from '../server-process.ts'

/** What was sent and acknowledged: what the server owes us. */
export interface Ledger {
  readonly rows: number
  readonly cents: bigint
  /** Rows a filter `cents > 500` lets through. */
  readonly large: number
  readonly runs: readonly string[]
}

export interface Load {
  readonly acknowledged: () => Ledger
  /** No new blocks; resolves when every block begun is acknowledged. */
  drain(): Promise<void>
}

const regions = ['north', 'south', 'east']

/**
 * Senders that post blocks of events and repeat each, with its key, until it is acknowledged, while
 * another starts runs of a pipeline. `server` answers the one that lives at the moment.
 */
export function startLoad(server: () => ServerProcess, senders: number, pipeline: string): Load {
  let draining = false
  let rows = 0
  let cents = 0n
  let large = 0
  const runs: string[] = []
  const now = Date.now()

  async function send(sender: number): Promise<void> {
    const random = randomSource(seed + 1 + sender)
    for (let block = 0; !draining; block += 1) {
      const events = Array.from({ length: random.whole(1, 200) }, (_, index) => ({
        id: `${sender}-${block}-${index}`,
        region: random.of(regions),
        cents: random.whole(0, 999),
        at: new Date(now - random.whole(0, 3 * 3_600_000 - 1)).toISOString(),
      }))
      await acknowledged(`block-${sender}-${block}`, events)
      rows += events.length
      for (const event of events) {
        cents += BigInt(event.cents)
        if (event.cents > 500) large += 1
      }
      await sleep(random.next() * 40)
    }
  }

  async function acknowledged(key: string, events: readonly object[]): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const answer = await server()
        .ask('/api/v1/streams/events/events', {
          json: events,
          headers: { 'idempotency-key': key },
          signal: AbortSignal.timeout(20_000),
        })
        .catch(() => undefined)
      if (answer?.status === 202) {
        const { accepted, rejected } = (await answer.json().catch(() => ({}))) as {
          accepted?: number
          rejected?: number
        }
        if (accepted === events.length) return
        if (accepted !== undefined)
          throw new Error(`Of ${events.length} events in "${key}" ${accepted} were accepted and ${rejected} rejected.`)
      } else if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
        throw new Error(`The block "${key}" was refused: ${answer.status} ${await answer.text()}`)
      }
      if (tries > 1000) throw new Error(`The block "${key}" was not acknowledged in ${tries} tries.`)
      await sleep(50 + Math.random() * 100)
    }
  }

  async function startRuns(): Promise<void> {
    while (!draining) {
      const answer = await server()
        .ask(`/api/v1/pipelines/${pipeline}/run`, { method: 'POST' })
        .catch(() => undefined)
      const run =
        answer?.status === 202 ? ((await answer.json().catch(() => ({}))) as { runId?: string }).runId : undefined
      if (run !== undefined) runs.push(run)
      await sleep(500 + Math.random() * 1000)
    }
  }

  const all = Promise.all([...Array.from({ length: senders }, (_, index) => send(index)), startRuns()])
  // Heard of in `drain`; until then a failure is not an unhandled one.
  all.catch(() => undefined)
  return {
    acknowledged: () => ({ rows, cents, large, runs }),
    async drain() {
      draining = true
      await all
    },
  }
}
