/** For tests: a server with every way to rows, a policy given in code, and tokens with different rights. */
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { connectors } from '#connectors'
import type { Running } from '#kernel/boot'
import type { KernelPorts } from '#kernel/module'
import { connectorsModule } from '#modules/connectors/module'
import dashboardsModule from '#modules/dashboards/module'
import { datasets, DatasetPolicy, type PolicySubject } from '#modules/datasets'
import datasetsModule from '#modules/datasets/module'
import exploreModule from '#modules/explore/module'
import { identity } from '#modules/identity'
import identityModule from '#modules/identity/module'
import liveModule from '#modules/live/module'
import metricsModule from '#modules/metrics/module'
import pipelinesModule from '#modules/pipelines/module'
import streamsModule from '#modules/streams/module'
import { openHouse } from '../house/house.ts'
import { until } from '../house/until.ts'

export interface Answered {
  readonly status: number
  readonly body: any // `any`: answers differ by route
}

export interface PolicyHouse {
  readonly running: Running
  readonly ports: KernelPorts
  /** Ids of the tokens by name. */
  readonly ids: ReadonlyMap<string, string>
  /** As the token of this name. */
  call(as: string, method: string, path: string, body?: unknown): Promise<Answered>
  text(as: string, path: string, body: unknown, accept: string): Promise<{ status: number; text: string }>
  /** Posts events to a stream, all of which have to be accepted. */
  ingest(stream: string, rows: readonly object[]): Promise<void>
  /** Replaces the policies; `subjects` are roles and attributes by the name of a token. */
  policies(given: Readonly<Record<string, unknown>>, subjects?: Readonly<Record<string, Partial<PolicySubject>>>): void
  /** The frames of a socket so far, and what they add up to by the start of a period. */
  watch(as: string, path: string): Watched
  /** The first event with points of a stream of server-sent events. */
  firstEvent(as: string, path: string): Promise<any> // `any`: frames of several types
  /** Waits until it holds. */
  until(holds: () => Promise<boolean> | boolean): Promise<void>
  close(): Promise<void>
}

export interface Watched {
  readonly frames: any[] // `any`: frames of several types
  values(): Map<string, number | null>
  close(): void
}

/** Tokens with all permissions, and in `limited` those with some. */
export async function openPolicyHouse(
  names: readonly string[],
  limited: Readonly<Record<string, readonly string[]>> = {},
): Promise<PolicyHouse> {
  const opened = await openHouse({
    modules: (home) => [
      identityModule,
      datasetsModule,
      streamsModule,
      connectorsModule({ connectors, home, files: [join(home, 'files')] }),
      exploreModule,
      pipelinesModule,
      metricsModule,
      liveModule,
      dashboardsModule,
    ],
    authenticator: identity,
  })
  const { running, ports } = opened
  const tokens = new Map<string, { id: string; token: string }>()
  for (const name of [...names, ...Object.keys(limited)])
    tokens.set(name, await running.face(identity).createToken('default', { name, permissions: limited[name] ?? 'all' }))
  const ids = new Map([...tokens].map(([name, { id }]) => [name, id]))
  const nameOf = new Map([...ids].map(([name, id]) => [id, name]))
  let policies: ReadonlyMap<string, DatasetPolicy> = new Map()
  let subjects: Readonly<Record<string, Partial<PolicySubject>>> = {}
  running.face(datasets).policies.use({
    policies: async () => policies,
    subject: async (actor) => ({ roles: [], attributes: {}, ...subjects[nameOf.get(actor.id) ?? ''] }),
  })
  const headers = (as: string, more: Record<string, string> = {}) => ({
    authorization: `Bearer ${tokens.get(as)!.token}`,
    ...more,
  })
  const json = { 'content-type': 'application/json' }
  const house: PolicyHouse = {
    running,
    ports,
    ids,
    call: async (as, method, path, body) => await opened.call(method, path, body as object | undefined, headers(as)),
    async text(as, path, body, accept) {
      const response = await fetch(running.url + path, {
        method: 'POST',
        headers: headers(as, { ...json, accept }),
        body: JSON.stringify(body),
      })
      return { status: response.status, text: await response.text() }
    },
    async ingest(stream, rows) {
      const first = names[0] ?? ''
      const { status, body } = await house.call(first, 'POST', `/api/v1/streams/${stream}/events`, rows)
      if (status !== 202 || body.rejected > 0) throw new Error(JSON.stringify(body))
    },
    policies(given, roles = {}) {
      policies = new Map(Object.entries(given).map(([name, policy]) => [name, DatasetPolicy.parse(policy)]))
      subjects = roles
    },
    watch(as, path) {
      const socket = new WebSocket(running.url.replace('http', 'ws') + path, ['bearer', tokens.get(as)!.token])
      const frames: any[] = [] // `any`: as above
      socket.on('message', (data) => frames.push(JSON.parse(String(data))))
      return {
        frames,
        values: () => {
          const values = new Map<string, number | null>()
          for (const frame of frames) {
            if (frame.type === 'snapshot') values.clear()
            for (const { start, value } of frame.points ?? []) values.set(start, value)
          }
          return values
        },
        close: () => socket.close(),
      }
    },
    async firstEvent(as, path) {
      const response = await fetch(running.url + path, { headers: headers(as) })
      let text = ''
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString()
        const data = /^data: (.*"points".*)\n/m.exec(text)?.[1]
        if (data === undefined) continue
        return JSON.parse(data)
      }
      throw new Error(`no event with points came: ${text}`)
    },
    until: async (holds) => void (await until('what the policy gives', holds, { everyMs: 25 })),
    close: opened.close,
  }
  return house
}
