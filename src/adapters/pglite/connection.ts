import { Worker } from 'node:worker_threads'
import { extname } from 'node:path'
import { MetadataError } from '#ports/metadata'
import './compiled-once.ts'
import type { Answer, DatabaseSettings, Notice, Reply, Request } from './protocol.ts'

/** The one connection of the embedded database: requests in order, one reply each. */
export interface Connection {
  send(request: Request): Promise<Answer>
  isBroken(): boolean
  /** Waits for the thread's end. */
  readonly ended: Promise<void>
  /** Ends the thread, whatever it does. */
  end(): Promise<void>
}

export async function connect(settings: DatabaseSettings): Promise<Connection> {
  const worker = startWorker(settings)
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = []
  let broken: Error | undefined
  let started: { resolve: () => void; reject: (error: Error) => void } | undefined
  const fail = (cause: unknown): void => {
    broken ??= unavailable(cause)
    started?.reject(broken)
    for (const call of waiting.splice(0)) call.reject(broken)
  }
  worker.on('error', fail)
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      fail(undefined)
      resolve()
    })
  })
  const serving = new Promise<void>((resolve, reject) => {
    started = { resolve, reject }
  })
  worker.on('message', (reply: Reply | Notice) => {
    if (typeof reply === 'string') return started?.resolve()
    if ('panic' in reply) return fail(new Error(reply.panic))
    const call = waiting.shift()
    if ('answer' in reply) call?.resolve(reply.answer)
    else call?.reject(new MetadataError(reply.error.message, reply.error.code, reply.error))
  })
  await serving
  return {
    ended,
    end: async () => {
      await worker.terminate()
      await ended
    },
    isBroken: () => broken !== undefined,
    send: async (request) => {
      if (broken !== undefined) throw broken
      return await new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage(request)
      })
    },
  }
}

function startWorker(settings: DatabaseSettings): Worker {
  const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)
  return new Worker(file, { workerData: settings })
}

export function unavailable(cause: unknown): MetadataError {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  const full = reason.includes('No space left on device')
  return new MetadataError(
    `The embedded metadata database has ended${reason}. It starts again with the next call.`,
    full ? '53100' : '57P01',
    { cause },
  )
}
