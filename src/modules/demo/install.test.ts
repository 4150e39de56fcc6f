import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { defineContract } from '#kernel/contract'
import { defineModule, type PackKind } from '#kernel/module'
import type { Metadata } from '#ports/metadata'
import type { Pack } from '#sdk'
import { openHouse, type House } from '#tests/house'
import { installPack } from './install.ts'

const made: string[] = []
function kind(field: string, name: string): PackKind {
  return {
    field,
    kind: name,
    nameOf: (definition) => String((definition as { name: string }).name),
    install: async (workspace, definition, { pack, module }) => {
      made.push(`${workspace} ${name} ${(definition as { name: string }).name} of ${pack} by ${module}`)
    },
  }
}

let metadata: Metadata
let seen: readonly PackKind[] = []
const migrations = new URL('./migrations/', import.meta.url)
const none = { needs: {}, permissions: {}, contract: defineContract('none', {}) }
const registering = (name: string, packKind: PackKind) =>
  defineModule({
    name,
    about: 'Has a kind.',
    ...none,
    start: async () => ({ face: {}, handlers: {}, packKinds: [packKind] }),
  })
const loader = defineModule({
  name: 'demo',
  about: 'Reads the registry.',
  ...none,
  migrations,
  start: async ({ ports, packKinds }) => {
    metadata = ports.metadata
    return { face: {}, handlers: {}, begin: async () => void (seen = packKinds()) }
  },
})

let house: House
before(async () => {
  const modules = [
    loader,
    registering('shelves', kind('shelves', 'shelf')),
    registering('books', kind('books', 'book')),
  ]
  house = await openHouse({ modules, warehouse: false })
})
after(async () => await house.close())

test('a pack is installed through the kinds that modules register, each thing once', async () => {
  assert.deepEqual(
    seen.map(({ field }) => field),
    ['shelves', 'books'],
  )
  const pack = { name: 'small', title: 'Small', about: '', books: [{ name: 'b' }], shelves: [{ name: 's' }] }
  const install = (more = {}) =>
    installPack({ pack: { ...pack, ...more } as unknown as Pack, workspace: 'demo', kinds: seen, metadata })
  await install()
  await install({ books: [{ name: 'b' }, { name: 'c' }] })
  assert.deepEqual(made, [
    'demo shelf s of small by demo',
    'demo book b of small by demo',
    'demo book c of small by demo',
  ])
})

test('a pack with something that no module knows is refused by name, and nothing of it is made', async () => {
  const before = made.length
  const pack = { name: 'odd', title: 'Odd', about: '', shelves: [{ name: 't' }], lamps: [{}] } as unknown as Pack
  await assert.rejects(
    installPack({ pack, workspace: 'demo', kinds: seen, metadata }),
    /The pack "odd" holds lamps, which no module of this application knows/,
  )
  assert.equal(made.length, before)
})
