/** One thread of the pool and the task that it runs. */
import { Worker, type Transferable } from 'node:worker_threads'
import { besideThisFile } from '../processes/beside-this-file.ts'

export interface ThreadQuestion {
  readonly module: string
  readonly input: unknown
}

export type ThreadAnswer = { readonly output: unknown } | { readonly error: unknown }

export interface Thread {
  /** Rejects with the error of the task, or with `ThreadDied` when the thread ended. One at a time. */
  ask(question: ThreadQuestion, transfer: readonly Transferable[]): Promise<unknown>
  /** Lets the process end while nothing runs. */
  rest(): void
  /** Resolves when the thread has ended, also while it rests: a task may leave something behind that fails later. */
  readonly ended: Promise<void>
  end(): Promise<void>
}

export class ThreadDied extends Error {
  override readonly name = 'ThreadDied'
  readonly outOfMemory: boolean

  constructor(cause: unknown) {
    super('The thread ended.', { cause })
    this.outOfMemory = (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  }
}

export function startThread(memoryMb: number): Thread {
  const worker = new Worker(besideThisFile('worker-thread', import.meta.url), {
    // Nothing that the server knows from its environment is needed to compute.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  let running: PromiseWithResolvers<unknown> | undefined
  let failure: unknown
  worker.on('message', (answer: ThreadAnswer) => {
    if ('output' in answer) running?.resolve(answer.output)
    else running?.reject(answer.error)
    running = undefined
  })
  worker.on('error', (error) => {
    failure = error
  })
  const { promise: ended, resolve: onEnded } = Promise.withResolvers<void>()
  worker.on('exit', () => {
    running?.reject(new ThreadDied(failure))
    onEnded()
  })
  return {
    async ask(question, transfer) {
      running = Promise.withResolvers<unknown>()
      worker.ref()
      worker.postMessage(question, transfer)
      return await running.promise
    },
    rest: () => worker.unref(),
    ended,
    end: async () => void (await worker.terminate()),
  }
}
