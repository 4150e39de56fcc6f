/** Pipelines of workspaces other than "default" keep the files they named when all shared one folder. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

const demo = { authorization: 'Bearer demo' }
const own = () => join(house.home, 'files', '.workspaces', 'demo')

async function define(name: string, path: string): Promise<string> {
  const { body } = await house.call(
    'POST',
    '/api/v1/pipelines',
    {
      name,
      type: 'batch',
      source: { type: 'file', config: { path } },
      destination: { type: 'dataset', config: { dataset: `from_${name}`, mode: 'append' } },
    },
    demo,
  )
  return body.id as string
}

async function run(id: string): Promise<string> {
  const { body } = await house.call('POST', `/api/v1/pipelines/${id}/run?wait=60s`, undefined, demo)
  return `${body.status} ${body.error?.code ?? body.rows.written}`
}

/** The home as a version before folders of workspaces left it. */
const forget = () => house.ports.metadata.system.query('delete from connectors.step')

test('files that other workspaces named are copied once into their folders, and absolute paths follow', async () => {
  await house.file('products.csv', 'a\n1\n2\n')
  await house.file('by/year/x.csv', 'a\n1\n')
  await house.file('salaries.csv', 'a\n1\n')
  const plain = await define('plain', 'products.csv')
  const pattern = await define('pattern', 'by/**/*.csv')
  const absolute = await define('absolute', join(house.home, 'files', 'products.csv'))
  assert.match(await run(plain), /failed connectors.file/)
  await forget()
  await house.restart(async () => {
    // A kill between a copy and its rename left this behind.
    await mkdir(own(), { recursive: true })
    await writeFile(join(own(), '.millrace-copy-products.csv'), 'half')
  })
  assert.deepEqual(
    (await readdir(own(), { recursive: true, withFileTypes: true }))
      .filter((each) => each.isFile())
      .map(({ name }) => name)
      .toSorted(),
    ['products.csv', 'x.csv'],
  )
  assert.equal(await run(plain), 'succeeded 2')
  assert.equal(await run(pattern), 'succeeded 1')
  assert.equal(await run(absolute), 'succeeded 2')
  const { body } = await house.call('GET', `/api/v1/pipelines/${absolute}`, undefined, demo)
  assert.deepEqual([body.source.config, body.version], [{ path: 'products.csv' }, 2])
})

test('a pipeline made later does not bring a file of "default" into its workspace', async () => {
  const later = await define('later', 'salaries.csv')
  await house.restart()
  assert.equal(await run(later), 'failed connectors.file')
})

test('a file that the workspace already has stays as it is when the step runs again', async () => {
  await writeFile(join(own(), 'products.csv'), 'a\n7\n8\n9\n')
  await forget()
  await house.restart()
  assert.equal(await readFile(join(own(), 'products.csv'), 'utf8'), 'a\n7\n8\n9\n')
  await rm(join(own(), 'products.csv'))
})
