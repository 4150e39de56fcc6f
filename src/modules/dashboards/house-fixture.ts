/** For tests: streams, metrics and dashboards behind HTTP, over real embedded stores. */
import { WebSocket } from 'ws'
import type { Running } from '#kernel/boot'
import type { KernelPorts } from '#kernel/module'
import { openHouse as openHouseWith } from '#tests/house'
import datasets from '#modules/datasets/module'
import { identity } from '#modules/identity'
import identityModule from '#modules/identity/module'
import live from '#modules/live/module'
import metrics from '#modules/metrics/module'
import streams from '#modules/streams/module'
import dashboards from './module.ts'

export interface House {
  readonly running: Running
  readonly token: string
  readonly ports: KernelPorts
  call(method: string, path: string, body?: object): Promise<{ status: number; body: any }> // `any`: answers of many shapes, looked into by the tests
  ingest(stream: string, rows: readonly object[]): Promise<void>
  watch(path: string): Watched
  close(): Promise<void>
}

export interface Watched {
  readonly frames: any[] // `any`: frames of several types, looked into by the tests
  readonly socket: WebSocket
  next(matches: (frame: any) => boolean): Promise<any>
  /** What all frames so far add up to: the newest point per code, period, start and dims. */
  held(): Map<string, any>
  close(): Promise<void>
}

export async function openHouse(): Promise<House> {
  const house = await openHouseWith({
    modules: [identityModule, datasets, streams, metrics, live, dashboards],
    authenticator: identity,
  })
  const token = 'the-token-of-the-test'
  await house.running.face(identity).setAdminToken(token)
  const call: House['call'] = async (method, path, body) =>
    await house.call(method, path, body, { authorization: `Bearer ${token}` })
  return {
    running: house.running,
    token,
    ports: house.ports,
    call,
    ingest: async (stream, rows) => {
      const { status, body } = await call('POST', `/api/v1/streams/${stream}/events`, rows)
      if (status !== 202 || body.rejected > 0) throw new Error(JSON.stringify(body))
    },
    watch: (path) => watch(house.url.replace('http', 'ws') + path, token),
    close: house.close,
  }
}

export function watch(url: string, token: string): Watched {
  const socket = new WebSocket(url, ['bearer', token])
  const frames: any[] = [] // `any`: as above
  const waiting = new Set<() => void>()
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)))
    for (const look of waiting) look()
  })
  let seen = 0
  return {
    frames,
    socket,
    next: async (matches) =>
      await new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no such frame came: ${JSON.stringify(frames.slice(-5))}`)),
          10_000,
        )
        const look = (): void => {
          while (seen < frames.length) {
            const frame = frames[seen++]
            if (!matches(frame)) continue
            clearTimeout(timer)
            waiting.delete(look)
            return resolve(frame)
          }
        }
        waiting.add(look)
        look()
      }),
    held: () => {
      const points = new Map<string, any>() // `any`: as above
      for (const frame of frames) {
        if (frame.type === 'snapshot') points.clear()
        for (const point of frame.points ?? [])
          points.set(
            JSON.stringify([point.code, point.period, point.start, point.dims ?? null, point.tile ?? null]),
            point,
          )
      }
      return points
    },
    close: async () => {
      if (socket.readyState === socket.CLOSED) return
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.close()
      await closed
    },
  }
}
