import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Warehouse } from '#ports/warehouse'
import { databaseName, systemDatabaseName, workspacePlaces } from './places.ts'

const anyId = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/)
const validId = anyId.filter((id) => !id.includes('--'))

test('two workspaces never share a database, nor one its own with the system database of another', () => {
  fc.assert(
    fc.property(validId, validId, (one, other) => {
      const names = [one, other].flatMap((id) => [databaseName(id), systemDatabaseName(id)])
      assert.equal(new Set(names).size, one === other ? 2 : 4)
    }),
  )
})

test('a workspace named like a database of the engine has a database of its own', () => {
  for (const id of ['system', 'default', 'information-schema']) assert.match(databaseName(id), /^ws_/)
})

test('a workspace whose database would be the system database of another is refused before anything is made', async () => {
  const made: string[] = []
  const warehouse = { command: async (sql: string) => void made.push(sql) } as unknown as Warehouse
  const place = workspacePlaces(warehouse, { run: async () => [] })
  await assert.rejects(place('default--system'), { code: 'datasets.no_place' })
  assert.deepEqual(made, [])
  assert.equal((await place('default')).system, 'ws_default__system')
})
