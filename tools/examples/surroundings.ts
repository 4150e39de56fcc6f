/** What examples may use without saying where it comes from: a whole platform on a home of its own. */
import { systemActor } from '#core/actor'
import { mkdtempSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '#apps/server'
import type { Given } from '#kernel/module'
import { connectors } from '#modules/connectors'
import { dashboards } from '#modules/dashboards'
import { datasets } from '#modules/datasets'
import { explore } from '#modules/explore'
import { identity } from '#modules/identity'
import { live } from '#modules/live'
import { mails } from '#modules/mails'
import { metrics } from '#modules/metrics'
import { pipelines } from '#modules/pipelines'
import { streams } from '#modules/streams'

const faces = { connectors, dashboards, datasets, explore, identity, live, mails, metrics, pipelines, streams }
const place = await mkdtemp(join(tmpdir(), 'millrace-examples-'))
export const server = await startServer({
  environment: {
    MILLRACE_HOME: join(place, 'platform'),
    MILLRACE_PORT: '0',
    MILLRACE_DEMO: '0',
    MILLRACE_DURABILITY: 'process',
    MILLRACE_LOG_LEVEL: 'error',
  },
  cwd: place,
  purpose: 'the examples',
})

/** As a module finds it in `start({ needs, ports })`. */
export const needs = Object.fromEntries(
  Object.entries(faces).map(([name, face]) => [name, server.running.face<unknown>(face)]),
) as Given<typeof faces>
export const ports = server.ports
/** As a handler finds it in its call. */
export const actor = systemActor('example', 'default')
export const log = server.log
export const url = server.url
export const token = server.token

export function emptyFolder(): string {
  return mkdtempSync(join(place, 'folder-'))
}

await needs.streams.ingest('default', 'orders', {
  ndjson: Buffer.from(
    [
      { id: 'o-1', ordered_at: '2026-11-01T09:00:00Z', region: 'north', amount: 12.5, status: 'paid' },
      { id: 'o-2', ordered_at: '2026-11-01T09:30:00Z', region: 'south', amount: 80, status: 'cancelled' },
      { id: 'o-3', ordered_at: '2026-11-02T10:00:00Z', region: 'north', amount: 7.5, status: 'paid' },
    ]
      .map((event) => JSON.stringify(event))
      .join('\n'),
  ),
})
await needs.metrics.create('default', {
  code: 'SHOP.ORDERS',
  name: 'Orders',
  dataset: 'orders',
  time: 'ordered_at',
  measure: { type: 'count' },
})

export async function endSurroundings(): Promise<void> {
  await server.stop(1_000)
  await rm(place, { recursive: true, force: true })
}
