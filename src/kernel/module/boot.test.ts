import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { handlerFaults } from '../events/declarations.ts'
import { defineEvents, event } from '../events/events.ts'
import { boot } from './boot.ts'
import { defineContract, operation } from './contract.ts'
import { defineModule, face, type Module, type StartContext } from './module.ts'
import { door, doorModule, hollowPorts, openHouse, quiet } from './test-house.ts'

const base = {
  openPorts: async () => hollowPorts,
  environment: {},
  logger: quiet,
  authenticator: door,
  listen: { host: '127.0.0.1', port: 0 },
  version: '0',
}

function plain(name: string, more: Partial<Module> = {}): Module {
  return {
    name,
    about: '',
    permissions: {},
    contract: defineContract(name, {}),
    start: async () => ({ handlers: {} }),
    ...more,
  }
}

test('a missing module is named, together with who needs it', async () => {
  const modules = [plain('report', { needs: { ledger: face('ledger') } })]
  await assert.rejects(boot({ ...base, modules }), /The module "report" needs "ledger", which is not in the list/)
})

test('a circle of needs is named', async () => {
  const modules = [
    plain('a', { needs: { b: face('b') } }),
    plain('b', { needs: { c: face('c') } }),
    plain('c', { needs: { a: face('a') } }),
  ]
  await assert.rejects(boot({ ...base, modules }), /in a circle: a → b → c → a/)
})

test('doubled names, paths, commands and permissions, and unknown permissions, are all reported at once', async () => {
  const get = (path: string, permission: string, command?: string) =>
    operation({ method: 'GET', path, permission, summary: '', answer: z.void(), ...(command && { command }) })
  const modules = [
    plain('a', {
      permissions: { 'x.read': 'Read.' },
      contract: defineContract('a', { one: get('/x/{id}', 'x.read', 'x get') }),
    }),
    plain('b', {
      permissions: { 'x.read': 'Read.' },
      contract: defineContract('b', { two: get('/x/{name}', 'x.raed', 'x get') }),
    }),
    plain('b'),
  ]
  await assert.rejects(boot({ ...base, modules }), (error: Error) => {
    for (const part of [
      'two modules named "b"',
      '"GET /x/{}" is claimed by a.one and b.two',
      '"x get" is claimed',
      '"x.read" is declared by a and b',
      '"x.raed", which no module declares',
    ]) {
      assert.ok(error.message.includes(part), `${part} in ${error.message}`)
    }
    return true
  })
})

test('modules start in order of their needs and stop in reverse', async () => {
  const order: string[] = []
  const teller = (name: string, needs: string[]): Module =>
    plain(name, {
      needs: Object.fromEntries(needs.map((need) => [need, face(need)])),
      start: async () => {
        order.push(`+${name}`)
        return { face: {}, handlers: {}, stop: async () => void order.push(`-${name}`) }
      },
    })
  const running = await boot({
    ...base,
    modules: [teller('c', ['b']), teller('b', ['a']), teller('a', []), doorModule],
  })
  await running.stop(0)
  assert.deepEqual(order, ['+a', '+b', '+c', '-c', '-b', '-a'])
})

test('when one does not start, those before it are stopped and the port is free again', async () => {
  const order: string[] = []
  let port = 0
  const modules = [
    plain('first', {
      start: async () => ({ face: {}, handlers: {}, stop: async () => void order.push('first stopped') }),
    }),
    plain('second', {
      needs: { first: face('first') },
      start: async () => {
        throw new Error('no')
      },
    }),
  ]
  const probe = await boot({ ...base, modules: [doorModule] })
  port = probe.address.port
  await probe.stop(0)
  await assert.rejects(boot({ ...base, listen: { host: '127.0.0.1', port }, modules }), /no/)
  assert.deepEqual(order, ['first stopped'])
  await (await boot({ ...base, listen: { host: '127.0.0.1', port }, modules: [doorModule] })).stop(0)
})

test('a handler that is missing is named', async () => {
  const contract = defineContract('bare', {
    go: operation({ method: 'GET', path: '/go', permission: 'public', summary: '', answer: z.void() }),
  })
  await assert.rejects(
    boot({ ...base, modules: [plain('bare', { contract })] }),
    /The module "bare" brings no handler for "go"/,
  )
})

test('while it starts it is alive but not ready, and asks callers to come back', async () => {
  let go = () => {}
  const waiting = new Promise<void>((resolve) => (go = resolve))
  const probe = await boot({ ...base, modules: [doorModule] })
  const { port } = probe.address
  await probe.stop(0)
  const slow = plain('slow', {
    permissions: {},
    contract: defineContract('slow', {
      go: operation({ method: 'GET', path: '/go', permission: 'public', summary: '', answer: z.void() }),
    }),
    start: async () => {
      await waiting
      return { face: {}, handlers: { go: () => undefined } }
    },
  })
  const starting = boot({ ...base, listen: { host: '127.0.0.1', port }, modules: [slow, doorModule] })
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
  assert.equal((await fetch(`http://127.0.0.1:${port}/ready`)).status, 503)
  const early = await fetch(`http://127.0.0.1:${port}/go`)
  assert.deepEqual(
    [early.status, early.headers.get('retry-after'), ((await early.json()) as { code: string }).code],
    [503, '2', 'kernel.starting'],
  )
  go()
  const running = await starting
  assert.equal((await fetch(`${running.url}/go`)).status, 204)
  await running.stop(0)
})

test('stopping ends live answers at once and aborts what outlives the grace', async () => {
  const house = await openHouse()
  const live = await fetch(`${house.url}/api/v1/read?how=live`)
  const slow = fetch(`${house.url}/api/v1/read?how=slow`).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const began = performance.now()
  await house.stop(150)
  assert.ok(performance.now() - began < 1_500)
  assert.equal(await live.text(), '', 'a live answer ends properly')
  await slow
  assert.equal(house.seen.aborted, 2)
  assert.deepEqual(house.seen.stopped, ['shelf'])
})

test('a module’s wrong setting stops the start and is named', async () => {
  await assert.rejects(openHouse({ environment: { SHELF_SIZE: 'wide' } }), /SHELF_SIZE is "wide"/)
})

test('a module reads its settings', async () => {
  const house = await openHouse({ environment: { SHELF_SIZE: '9' } })
  assert.deepEqual(house.face({ module: 'shelf' }), { size: 9 })
  await house.stop(0)
})

test('a define helper keeps the types of needs and face', () => {
  const typed = defineModule({
    ...plain('typed'),
    needs: { door },
    start: async ({ needs }) => ({ face: { yes: needs.door.opened }, handlers: {} }),
  })
  assert.equal(typed.name, 'typed')
})

const ledgerEvents = defineEvents('ledger', {
  changed: event({ about: 'An entry was written.', schema: z.object({ id: z.string() }), key: ({ id }) => id }),
})

test('what does not fit together about events is named before anything starts', async () => {
  const modules = [
    plain('ledger', { events: { renamed: ledgerEvents.changed } }),
    plain('report', {
      listens: [
        { event: ledgerEvents.changed, from: 'now' },
        { event: ledgerEvents.changed, from: 'oldest' },
        { event: { ...ledgerEvents.changed, name: 'ledger.closed' }, from: 'now' },
      ],
    }),
  ]
  await assert.rejects(boot({ ...base, modules }), (error: Error) => {
    for (const part of [
      'The event "renamed" of "ledger" is named "ledger.changed", and has to be "ledger.renamed"',
      '"report" listens to the event "ledger.changed" twice',
      '"report" listens to the event "ledger.closed", which no module declares',
    ]) {
      assert.ok(error.message.includes(part), `${part} in ${error.message}`)
    }
    return true
  })
})

test('a handler of an event that is missing, or was not declared, stops the start', () => {
  const listens = [{ event: ledgerEvents.changed, from: 'now' as const }]
  assert.deepEqual(handlerFaults({ name: 'report', listens }, {}), [
    'The module "report" brings no handler for the event "ledger.changed".',
  ])
  assert.deepEqual(handlerFaults({ name: 'report' }, { 'ledger.changed': () => undefined }), [
    'The module "report" handles the event "ledger.changed" and does not declare that it listens to it.',
  ])
})

test('a module learns what uses a thing of its own, whichever module started first', async () => {
  const user = (name: string, kind: string): Module =>
    plain(name, {
      needs: { ledger: face('ledger') },
      start: async () => ({
        face: {},
        handlers: {},
        references: async (workspace, subject) =>
          workspace === 'default' && subject.kind === 'entry' ? [{ kind, id: 'u-1', name: subject.name }] : [],
      }),
    })
  const ledger = plain('ledger', {
    start: async ({ referencesTo }) => ({ face: { usersOf: referencesTo }, handlers: {} }),
  })
  const running = await boot({
    ...base,
    modules: [user('report', 'report'), user('audit', 'note'), ledger, doorModule],
  })
  const { usersOf } = running.face(face<{ usersOf: StartContext<{}, unknown>['referencesTo'] }>('ledger'))
  const sql = { query: async () => ({ rows: [], affected: 0 }) }
  assert.deepEqual(await usersOf('default', { kind: 'entry', id: 'e-1', name: 'first' }, sql), [
    { kind: 'report', id: 'u-1', name: 'first' },
    { kind: 'note', id: 'u-1', name: 'first' },
  ])
  assert.deepEqual(await usersOf('other', { kind: 'entry', id: 'e-1', name: 'first' }, sql), [])
  await running.stop(0)
})

test('no operation is answered before what the server prepares is done', async () => {
  let prepared = false
  const running = await openHouse({
    beforeReady: async (face) => {
      assert.equal(face(door).opened, true)
      await new Promise((resolve) => setTimeout(resolve, 20))
      prepared = true
    },
    onStep: () => assert.equal(prepared, false),
  })
  assert.equal(prepared, true)
  await running.stop(0)
})
