import { Readable } from 'node:stream'
import type { Clock } from '#ports/clock'
import { heartbeatFrame } from './frames.ts'
import type { Outlet } from './outlet.ts'
import type { Publishers, Watching } from './publishers.ts'
import type { LiveQuestion, Resume } from './live-question.ts'
import { heartbeatMs } from './sockets.ts'

export interface LiveEvents {
  open(question: LiveQuestion, resume: Resume | undefined, signal: AbortSignal): Readable
  count(workspace?: string): number
  stop(): void
}

/** The same frames as server-sent events; `id` is what `Last-Event-ID` brings back. */
export function liveEvents({ publishers, clock }: { publishers: Publishers; clock: Clock }): LiveEvents {
  const open = new Map<Readable, { workspace: string }>()
  /** Nothing goes in after the end. */
  const finish = (stream: Readable): void => {
    if (open.delete(stream)) stream.push(null)
  }
  const watchOrForget = (stream: Readable, watch: () => Watching): Watching => {
    try {
      return watch()
    } catch (error) {
      open.delete(stream)
      throw error
    }
  }
  const beating = clock.every(heartbeatMs, () => {
    const frame = heartbeatFrame(clock.now())
    for (const stream of open.keys()) if (stream.readableLength < maxWaitingBytes) stream.push(frame.event())
  })
  return {
    open(question, resume, signal) {
      const stream = new Readable({ highWaterMark: maxWaitingBytes, read: () => watching.drained() })
      const outlet: Outlet = {
        backlog: () => stream.readableLength,
        send: (frame) => {
          if (open.has(stream)) stream.push(frame.event())
        },
        end: () => finish(stream),
        cut: () => void stream.destroy(),
      }
      stream.on('close', () => {
        open.delete(stream)
        watching.leave()
      })
      signal.addEventListener('abort', () => stream.destroy(), { once: true })
      open.set(stream, { workspace: question.reader.workspace })
      // A first line at once, so that the headers go out before there are numbers.
      stream.push(Buffer.from('retry: 2000\n\n'))
      const watching = watchOrForget(stream, () => publishers.watch(question, outlet, resume))
      return stream
    },
    count: (workspace) =>
      workspace === undefined ? open.size : [...open.values()].filter((owner) => owner.workspace === workspace).length,
    stop() {
      beating.stop()
      for (const stream of open.keys()) finish(stream)
    },
  }
}

const maxWaitingBytes = 64 * 1024

/** `Last-Event-ID: <epoch>:<offset>`. */
export function resumeOf(lastEventId: string | undefined): Resume | undefined {
  const [, epoch, offset] = /^([\w-]{1,40}):(\d{1,15})$/.exec(lastEventId ?? '') ?? []
  return epoch === undefined ? undefined : { epoch, offset: Number(offset) }
}
