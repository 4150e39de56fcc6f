import { Transform, type Readable } from 'node:stream'
import type { WarehouseError } from '#ports/warehouse'
import { exceptionFromText, warehouseError } from './warehouse-errors.ts'

/**
 * The bytes of an answer. An exception that comes midway is written by the engine into the body's
 * end, behind a marker that only this answer has: it becomes the stream's error instead.
 */
export function answerStream(
  source: Readable,
  tag: string,
  signal: AbortSignal | undefined,
  stop: () => Promise<void>,
): Readable {
  const tail = exceptionTail(tag)
  const output = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, tail.pass(chunk)),
    flush: (done) => {
      const failure = tail.exception()
      if (failure) done(failure)
      else done(null, tail.rest())
    },
  })
  const onAbort = (): void => void output.destroy(warehouseError(undefined, signal))
  signal?.addEventListener('abort', onAbort, { once: true })
  source.on('error', (error) => output.destroy(tail.exception() ?? warehouseError(error, signal)))
  output.once('close', () => {
    signal?.removeEventListener('abort', onAbort)
    if (source.readableEnded || source.destroyed) return
    source.destroy()
    void stop()
  })
  source.pipe(output)
  return output
}

interface Tail {
  /** What can be handed on: all that cannot be the beginning of the marker. */
  pass(chunk: Buffer): Buffer
  rest(): Buffer
  exception(): WarehouseError | undefined
}

function exceptionTail(tag: string): Tail {
  const marker = Buffer.from(`\r\n__exception__\r\n${tag}\r\n`)
  const nothing = Buffer.alloc(0)
  if (tag === '') return { pass: (chunk) => chunk, rest: () => nothing, exception: () => undefined }
  let held: Buffer = nothing
  return {
    pass(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const found = bytes.indexOf(marker)
      const end = found >= 0 ? found : Math.max(0, bytes.length - marker.length + 1)
      held = bytes.subarray(end)
      return bytes.subarray(0, end)
    },
    rest: () => held,
    exception() {
      return held.subarray(0, marker.length).equals(marker)
        ? exceptionFromText(held.subarray(marker.length).toString())
        : undefined
    },
  }
}
