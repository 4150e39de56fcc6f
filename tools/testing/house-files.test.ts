import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../boundaries/source.ts'
import { isHouse } from './house-files.ts'

const faces = new Map([
  ['#adapters/chdb', 'src/adapters/chdb/index.ts'],
  ['#tests/house', 'tests/house/house.ts'],
])

function house(test: string, others: Readonly<Record<string, string>> = {}): boolean {
  const files = {
    'src/modules/a/a.test.ts': test,
    'tests/house/house.ts': `import '#adapters/chdb'`,
    'src/adapters/chdb/index.ts': `import 'node:child_process'\nprocess.on('exit', () => undefined)`,
    ...others,
  }
  const sources = new Map(Object.entries(files).map(([path, text]) => [path, readSource(path, text)]))
  return isHouse('src/modules/a/a.test.ts', sources, faces)
}

test('a test whose hooks open a house may share its process, since the house starts the processes', () => {
  assert.ok(house(`import { openHouse } from '#tests/house'\nbefore(async () => {\n  house = await openHouse({})\n})`))
})

test('a test that starts processes, changes or measures its process, or opens something at its import has its own', () => {
  for (const text of [
    `import { spawn } from 'node:child_process'`,
    `import { Session } from 'chdb'`,
    `process.env['TZ'] = 'UTC'`,
    `  process.kill(pid, 'SIGKILL')`,
    `  const before = process.memoryUsage.rss()`,
    `await openHouse({})`,
    `const house = await openHouse({})`,
    `const {\n  metadata,\n} = await openEngines()`,
  ]) {
    assert.ok(!house(text), text)
    assert.ok(!house(`import './a-fixture.ts'`, { 'src/modules/a/a-fixture.ts': text }), text)
  }
})

test('a test whose own imports are not known has its own process', () => {
  assert.ok(!house(`import './absent-fixture.ts'`))
})
