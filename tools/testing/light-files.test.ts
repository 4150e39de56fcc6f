import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../boundaries/source.ts'
import { isLight } from './light-files.ts'

const faces = new Map([
  ['#core/sum', 'src/core/sum.ts'],
  ['#tests/house', 'tests/house/house.ts'],
])

function light(test: string, others: Readonly<Record<string, string>> = {}): boolean {
  const files = { 'src/core/sum.test.ts': test, 'src/core/sum.ts': '', ...others }
  const sources = new Map(Object.entries(files).map(([path, text]) => [path, readSource(path, text)]))
  return isLight('src/core/sum.test.ts', sources, faces)
}

test('a test of functions is light', () => {
  assert.ok(light(`import { test } from 'node:test'\nimport { z } from 'zod'\nimport { sum } from './sum.ts'`))
  assert.ok(light(`import { readFile } from 'node:fs/promises'\nimport { sum } from '#core/sum'`))
  assert.ok(light(`const runs = process.env['RUNS'] === '1'\ntest('a', (t) => t.mock.timers.enable())`))
})

test('a test that reaches a process, thread, socket or engine through its imports is not light', () => {
  for (const from of ['node:child_process', 'node:worker_threads', 'node:net', 'node:http', 'chdb', 'pg']) {
    assert.ok(!light(`import { one } from '${from}'`), from)
    const house = { 'tests/house/house.ts': `export * from '../engine.ts'`, 'tests/engine.ts': `import '${from}'` }
    assert.ok(!light(`import { openHouse } from '#tests/house'`, house), from)
    assert.ok(light(`import type { House } from '#tests/house'`, house), from)
  }
})

test('a test that changes its process, itself or in a fixture, is not light', () => {
  for (const text of [
    `process.env['TZ'] = 'UTC'`,
    `process.env.TZ ??= 'UTC'`,
    `delete process.env['TZ']`,
    `process.chdir('/')`,
    `process.on('uncaughtException', () => undefined)`,
    `globalThis.fetch = () => undefined`,
    `Date.now = () => 0`,
    `import { mock, test } from 'node:test'`,
  ]) {
    assert.ok(!light(text), text)
    assert.ok(!light(`import './zone-fixture.ts'`, { 'src/core/zone-fixture.ts': text }), text)
  }
})

test('a test whose imports are not known is not light', () => {
  assert.ok(!light(`import { one } from 'some-new-package'`))
  assert.ok(!light(`import { one } from './absent.ts'`))
  assert.ok(!light(`import { one } from '#core/absent'`))
})
