/** Threads for work that would hold the event loop. README.md says what it promises. */
import { availableParallelism } from 'node:os'
import type { Transferable } from 'node:worker_threads'
import { availableMemory } from '../processes/available-memory.ts'
import { isMillraceError } from '#core/errors'
import { semaphore } from '#core/semaphore'
import { startThread, ThreadDied, type Thread } from './thread.ts'
import { workerErrors } from './worker-errors.ts'
import type { InputOf, OutputOf, TaskModule, WorkerTask } from './worker-task.ts'

export interface WorkerPoolOptions {
  /** Default: one less than there are cores, at least 1, at most 4. */
  readonly maxThreads?: number
  /** Tasks that wait; one more is refused. Default 200. */
  readonly maxQueued?: number
  /** Heap of one thread. Default: a sixteenth of the memory there is, at most 512 MB. */
  readonly memoryMb?: number
  /** A thread without work for so long ends. Default 10 s. */
  readonly idleMs?: number
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Buffers that are handed over instead of copied; they are empty here afterwards. */
  readonly transfer?: readonly Transferable[]
}

export interface WorkerPool {
  /** Rejects with the error of the task, with a `workers.*` error, or with the reason of the signal. */
  run<M extends TaskModule>(task: WorkerTask<M>, input: InputOf<M>, options?: RunOptions): Promise<OutputOf<M>>
  readonly counts: { readonly threads: number; readonly running: number; readonly queued: number }
  /** Ends what runs and refuses what waits. */
  close(): Promise<void>
}

const megabyte = 2 ** 20
const poolClosed = new Error('The pool is closed.')

export function workerPool(options: WorkerPoolOptions = {}): WorkerPool {
  const {
    maxThreads = Math.min(4, Math.max(1, availableParallelism() - 1)),
    maxQueued = 200,
    memoryMb = Math.min(512, Math.floor(availableMemory() / 16 / megabyte)),
    idleMs = 10_000,
  } = options
  const resting = new Map<Thread, NodeJS.Timeout>()
  const busy = new Set<Thread>()
  const limit = semaphore({ max: maxThreads, maxWaiting: maxQueued })
  let closed = false

  function takeThread(): Thread {
    const [rested] = [...resting].at(-1) ?? []
    if (rested !== undefined) stopResting(rested)
    const thread = rested ?? newThread()
    busy.add(thread)
    return thread
  }

  function newThread(): Thread {
    const thread = startThread(memoryMb)
    void thread.ended.then(() => stopResting(thread))
    return thread
  }

  function stopResting(thread: Thread): void {
    clearTimeout(resting.get(thread))
    resting.delete(thread)
  }

  function giveBack(thread: Thread, usable: boolean): void {
    busy.delete(thread)
    if (usable && !closed) {
      thread.rest()
      const timer = setTimeout(() => {
        resting.delete(thread)
        void thread.end()
      }, idleMs)
      resting.set(thread, timer.unref())
    } else void thread.end()
  }

  async function enter(task: string, signal: AbortSignal | undefined): Promise<() => void> {
    try {
      return await limit.enter({ signal, busy: (waiting) => workerErrors.busy({ task, waiting }) })
    } catch (error) {
      throw error === poolClosed ? workerErrors.died({ task }) : error
    }
  }

  return {
    async run(task, input, { signal, transfer = [] } = {}) {
      const leave = await enter(task.name, signal)
      let thread: Thread | undefined
      let usable = false
      try {
        if (closed) throw workerErrors.died({ task: task.name })
        thread = takeThread()
        const output = await askWithin(thread, task, { input, signal, transfer, memoryMb })
        usable = true
        return output as OutputOf<never>
      } catch (error) {
        usable = !isMillraceError(error) && signal?.aborted !== true
        throw error
      } finally {
        if (thread !== undefined) giveBack(thread, usable)
        leave()
      }
    },
    get counts() {
      return { threads: busy.size + resting.size, running: busy.size, queued: limit.waiting }
    },
    async close() {
      closed = true
      limit.close(poolClosed)
      for (const timer of resting.values()) clearTimeout(timer)
      const threads = [...busy, ...resting.keys()]
      resting.clear()
      await Promise.all(threads.map((thread) => thread.end()))
    },
  }
}

interface Question {
  readonly input: unknown
  readonly signal: AbortSignal | undefined
  readonly transfer: readonly Transferable[]
  readonly memoryMb: number
}

/** A `MillraceError` or an aborted signal means that the thread is of no further use. */
async function askWithin(
  thread: Thread,
  { name, file, timeoutMs }: WorkerTask<TaskModule>,
  { input, signal, transfer, memoryMb }: Question,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const onStop = (): void => reject(stop.reason as Error)
  stop.addEventListener('abort', onStop, { once: true })
  if (stop.aborted) onStop()
  try {
    const answer = thread.ask({ module: file.href, input }, transfer)
    // The one that loses the race is not looked at.
    for (const each of [answer, stopped]) each.catch(() => undefined)
    return await Promise.race([answer, stopped])
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    if (timeout.aborted) throw workerErrors.slow({ task: name, seconds: timeoutMs / 1000 })
    if (!(error instanceof ThreadDied)) throw error
    if (error.outOfMemory) throw workerErrors.memory({ task: name, megabytes: memoryMb }, { cause: error })
    throw workerErrors.died({ task: name }, { cause: error })
  } finally {
    stop.removeEventListener('abort', onStop)
  }
}
