import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { defineErrors } from '#core/errors'
import { defineContract } from '#kernel/contract'
import { defineEvents, event, type Emit } from '#kernel/events'
import { openHouse, type House } from '#tests/house'
import { defineModule } from '#kernel/module'
import type { Metadata } from '#ports/metadata'
import eventsModule from './module.ts'

const mill = defineEvents('mill', {
  turned: event({
    about: 'A wheel turned.',
    schema: z.object({ wheel: z.string(), n: z.int() }),
    key: ({ wheel }) => wheel,
  }),
})
const weirErrors = defineErrors('weir', {
  dry: { kind: 'unavailable', title: 'Dry', says: () => 'The weir is dry.', remedy: 'Wait for rain.' },
})

let emit: Emit
let metadata: Metadata
let fails: Error | undefined = weirErrors.dry({})
const handled: number[] = []
const contract = defineContract('none', {})
const millModule = defineModule({
  name: 'mill',
  about: 'Turns.',
  needs: {},
  permissions: {},
  contract,
  events: mill,
  async start(context) {
    emit = context.emit
    metadata = context.ports.metadata
    return { face: {}, handlers: {} }
  },
})
const weirModule = defineModule({
  name: 'weir',
  about: 'Hears of it.',
  needs: {},
  permissions: {},
  contract,
  listens: [{ event: mill.turned, from: 'oldest' }],
  start: async () => ({
    face: {},
    handlers: {},
    on: {
      'mill.turned': async ({ payload }) => {
        if (fails !== undefined) throw fails
        handled.push(payload.n)
      },
    },
  }),
})

let house: House
before(async () => {
  house = await openHouse({ modules: [eventsModule, millModule, weirModule], warehouse: false })
})
after(async () => await house.close())

async function turn(id: string, n: number): Promise<void> {
  await metadata.inWorkspace('default').transaction(async (session) => {
    await emit(session, mill.turned, { subject: { kind: 'wheel', id }, payload: { wheel: id, n } })
  })
}

const parked = async (query = '') => (await house.call('GET', `/api/v1/events/parked${query}`)).body
async function untilParked(count: number): Promise<any> {
  // `any`: the body of an answer
  for (;;) {
    const { items } = await parked()
    if (items.length === count) return items
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('an event that a module fails to handle is listed with the reason, and handled after a retry in order', async () => {
  assert.deepEqual(await parked(), { items: [], next: null })
  await turn('north', 1)
  await turn('north', 2)
  const [second, first] = await untilParked(2)
  assert.deepEqual(
    [first.module, first.name, first.subject, first.attempts >= 1, first.error.code, first.error.detail],
    ['weir', 'mill.turned', { kind: 'wheel', id: 'north' }, true, 'weir.dry', 'The weir is dry.'],
  )
  assert.deepEqual([second.error, second.nextAttemptAt, second.attempts], [null, null, 0])
  const page = await parked('?limit=1&module=weir')
  assert.deepEqual(page.items[0].id, second.id)
  assert.deepEqual((await parked(`?limit=1&module=weir&cursor=${page.next}`)).items[0].id, first.id)
  assert.deepEqual((await parked('?module=mill')).items, [])

  const retry = (id: string) => house.call('POST', `/api/v1/events/parked/weir/${id}/retry`)
  const behind = await retry(second.id)
  assert.deepEqual([behind.status, behind.body.code], [409, 'events.behind'])
  fails = undefined
  assert.equal((await retry(first.id)).status, 202)
  await untilParked(0)
  assert.deepEqual(handled, [1, 2])
  const gone = await retry(first.id)
  assert.deepEqual([gone.status, gone.body.code], [404, 'events.unknown'])
  const noId = await retry('nope')
  assert.deepEqual([noId.status, noId.body.code], [404, 'events.unknown'])
})

test('an error that no catalogue holds is for the log: its text is not shown', async () => {
  fails = new Error('password=hunter2')
  await turn('south', 3)
  const [event] = await untilParked(1)
  assert.doesNotMatch(JSON.stringify(event), /hunter2/)
  assert.match(event.error.detail, new RegExp(`The log says why: look for "${event.id}"`))
  fails = undefined
  assert.equal((await house.call('POST', `/api/v1/events/parked/weir/${event.id}/retry`)).status, 202)
  await untilParked(0)
})
