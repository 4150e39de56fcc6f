/** Datasets and connections are deleted while a pipeline or metric that uses them is saved, in parallel transactions of PostgreSQL. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { postgresMetadata } from '#adapters/postgres'
import { ownDatabase, type OwnDatabase } from '#adapters/postgres/database-fixture'
import { connectors } from '#connectors'
import { connectorsModule } from '#modules/connectors/module'
import datasetsModule from '#modules/datasets/module'
import exploreModule from '#modules/explore/module'
import identityModule from '#modules/identity/module'
import metricsModule from '#modules/metrics/module'
import pipelinesModule from '#modules/pipelines/module'
import streamsModule from '#modules/streams/module'
import { vendorConnector } from '#sdk/vendor-connector-fixture'
import { openHouse, type House } from './house/house.ts'
import { lateUser } from './house/late-user.ts'

const { connector: vendor } = vendorConnector({
  connection: z.strictObject({ host: z.string() }),
  streams: async () => [{ name: 'orders', config: { table: 'o' }, primaryKey: [], cursors: [], modes: ['full'] }],
})

const user = lateUser()

let database: OwnDatabase
let house: House
before(async () => {
  database = await ownDatabase(process.env['MILLRACE_TEST_POSTGRES_URL'] as string)
  house = await openHouse({
    openMetadata: () => postgresMetadata({ url: database.url }),
    modules: (home) => [
      identityModule,
      datasetsModule,
      streamsModule,
      connectorsModule({ connectors: [...connectors, vendor], home, files: [join(home, 'files')] }),
      exploreModule,
      pipelinesModule,
      metricsModule,
      user.module,
    ],
  })
})
after(async () => {
  await house?.close()
  await database.drop()
})

const call = (method: string, path: string, body?: object) =>
  house.call(method, `/api/v1${path}`, body, { authorization: 'Bearer default' })

const makeDataset = (name: string) =>
  call('POST', '/datasets', {
    name,
    kind: 'events',
    columns: [
      { name: 'at', type: 'timestamp', nullable: false },
      { name: 'amount', type: 'integer' },
    ],
  })
const makeConnection = (name: string) =>
  call('POST', '/connections', { name, type: 'vendor', settings: { host: 'a.example' } })
const savePipeline = (name: string, source: object) =>
  call('POST', '/pipelines', {
    name,
    type: 'batch',
    source,
    destination: { type: 'dataset', config: { dataset: `copy_of_${name}` } },
  })

interface Pair {
  readonly title: string
  readonly kind: 'dataset' | 'connection'
  readonly make: (name: string) => ReturnType<typeof call>
  readonly path: (name: string) => string
  readonly save: (name: string) => ReturnType<typeof call>
  readonly refusal: string
  /** It may be saved before the dataset is there, so after a deletion too. */
  readonly mayComeFirst?: boolean
}

const pairs: readonly Pair[] = [
  {
    title: 'a metric and the deletion of its dataset',
    kind: 'dataset',
    make: makeDataset,
    path: (name) => `/datasets/${name}`,
    save: (name) =>
      call('POST', '/metrics', {
        code: name.toUpperCase(),
        name,
        dataset: name,
        time: 'at',
        measure: { type: 'sum', expression: 'amount' },
      }),
    refusal: 'dataset unknown_dataset',
  },
  {
    title: 'a pipeline and the deletion of its dataset',
    kind: 'dataset',
    make: makeDataset,
    path: (name) => `/datasets/${name}`,
    save: (name) => savePipeline(name, { type: 'dataset', config: { dataset: name } }),
    refusal: 'source.config.dataset unknown_dataset',
    mayComeFirst: true,
  },
  {
    title: 'a pipeline and the deletion of its connection',
    kind: 'connection',
    make: makeConnection,
    path: (name) => `/connections/${name}`,
    save: (name) => savePipeline(name, { connection: name, streams: [{ name: 'orders' }] }),
    refusal: 'source.connection unknown_connection',
  },
]

for (const [index, { title, kind, make, path, save, refusal, mayComeFirst = false }] of pairs.entries()) {
  test(`of ${title} that are asked for together, one is refused`, async () => {
    for (let round = 0; round < 16; round += 1) {
      const name = `together_${index}_${round}`
      assert.equal((await make(name)).status, 201)
      // From round to round the save begins a little earlier or later than the deletion.
      const [saved, removed] = await Promise.all([
        sleep(round % 4 < 2 ? 0 : round).then(() => save(name)),
        sleep(round % 4 < 2 ? round : 0).then(() => call('DELETE', path(name))),
      ])
      const there = (await call('GET', path(name))).status
      if (mayComeFirst && saved.status === 201 && removed.status === 204) continue
      const statuses = `${saved.status} ${removed.status} ${there}`
      assert.ok(['201 409 200', '422 204 404'].includes(statuses), `${statuses} ${JSON.stringify(saved.body)}`)
    }
  })

  test(`of ${title} the one that is saved between the question for users and the deletion is refused`, async () => {
    const name = `between_${index}`
    assert.equal((await make(name)).status, 201)
    let saving: ReturnType<typeof save> | undefined
    // The audit of a connection asks first, for its picture of the connection.
    user.duringQuestion(kind, () => (saving = save(name)), kind === 'connection' ? 2 : 1)
    const removed = await call('DELETE', path(name))
    const saved = await saving!
    assert.equal(removed.status, 204, JSON.stringify(removed.body))
    const problems = saved.body.problems?.map(({ at, code }: { at: string; code: string }) => `${at} ${code}`)
    assert.deepEqual([saved.status, problems], [422, [refusal]], JSON.stringify(saved.body))
  })
}
