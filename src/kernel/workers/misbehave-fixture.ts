/** For tests: a task that does what it is told, also what a task must not do. */
import { setTimeout as sleep } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'

export interface Order {
  readonly does:
    | 'echo'
    | 'throw'
    | 'loop'
    | 'fill memory'
    | 'exit'
    | 'return a function'
    | 'wait'
    | 'count bytes'
    | 'exit later'
  readonly value?: unknown
}

export async function run({ does, value }: Order): Promise<{ readonly thread: number; readonly value: unknown }> {
  if (does === 'throw') throw new RangeError(String(value))
  if (does === 'exit') process.exit(7)
  if (does === 'exit later') setTimeout(() => process.exit(7), 10)
  if (does === 'return a function') return { thread: threadId, value: () => undefined }
  if (does === 'wait') await sleep(Number(value))
  if (does === 'count bytes') return { thread: threadId, value: (value as Uint8Array).byteLength }
  for (const held: unknown[] = []; does === 'loop' || does === 'fill memory';)
    if (does === 'fill memory') held.push(Array.from({ length: 100_000 }, (_, n) => `${n} ${held.length}`))
  return { thread: threadId, value }
}
