/** Destinations that take the rows themselves. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { defineConnector, defineFailures, linesOf, maxBatchBytes } from '#sdk'
import type { BatchWriter, EngineColumn } from '#sdk'
import { pipelinesOf } from '../drive-fixture.ts'
import { openHouse } from '../house-fixture.ts'
import type { House } from '../house-fixture.ts'
import { wholeLines } from './load-batches.ts'

const failures = defineFailures('box', {
  full: { kind: 'invalid', failure: 'capacity', title: 'Full', says: () => 'The box is full.' },
})

/** What each box holds by part, and what was written to it and not committed. */
const boxes = new Map<string, Map<string, string[]>>()
const open = new Map<string, string[][]>()

function writerOf(box: string, takes: 'rows' | 'ndjson', columns: readonly EngineColumn[]): BatchWriter {
  const written: string[][] = []
  open.set(box, written)
  return {
    takes,
    columns,
    into: { parts: [`box ${box}`] },
    write: async (batch) => {
      if (box === 'full') throw failures.full({})
      assert.equal('rows' in batch ? 'rows' : 'ndjson', takes)
      written.push([...linesOf(batch, Infinity)].flat())
    },
    commit: async ({ id }) => {
      const parts = boxes.get(box) ?? new Map<string, string[]>()
      const duplicate = parts.has(id)
      const rows = written.flat()
      if (!duplicate) boxes.set(box, parts.set(id, rows))
      return { rows: rows.length, bytes: 0, duplicate }
    },
    abandon: async () => void open.delete(box),
  }
}

const destination = defineConnector({
  type: 'box',
  title: 'Box',
  category: 'files',
  about: 'Holds rows.',
  proven: 'this test',
  destination: {
    settings: z.strictObject({ box: z.string(), takes: z.enum(['rows', 'ndjson']) }),
    delivery: 'exactly once',
    because: 'It remembers the parts.',
    load: async () => ({ open: async ({ box, takes }, _around, { columns }) => writerOf(box, takes, columns) }),
  },
})

let house: House
before(async () => {
  house = await openHouse({ moreConnectors: [destination] })
})
after(() => house.close())
const { made, ran } = pipelinesOf(() => house)

for (const takes of ['rows', 'ndjson'] as const)
  test(`rows reach a destination that takes ${takes} as they are, in bounded batches`, async () => {
    const rows = Array.from(
      { length: 40_000 },
      (_, id) =>
        `{"id":${id},"big":"9007199254740993","at":"2026-01-01T00:00:00Z","any":{"n":1.10},"text":"${'x'.repeat(100)}"}`,
    )
    await house.file('rows.ndjson', rows.join('\n'))
    const run = await ran(
      await made({
        name: `into ${takes}`,
        source: { type: 'file', config: { path: 'rows.ndjson', columns: { any: 'json', big: 'integer' } } },
        transformations: [],
        destination: { type: 'box', config: { box: takes, takes } },
      }),
    )
    assert.deepEqual(
      [run.status, run.rows],
      ['succeeded', { read: 40_000, written: 40_000, quarantined: 0 }],
      JSON.stringify(run.error),
    )
    const batches = open.get(takes) ?? []
    assert.ok(batches.length > 1)
    for (const lines of batches) assert.ok(lines.join('\n').length <= maxBatchBytes)
    const [first] = [...(boxes.get(takes)?.values() ?? [])].flat()
    assert.equal(
      first,
      `{"id":0,"big":9007199254740993,"at":"2026-01-01T00:00:00.000000Z","any":{"n":1.10},"text":"${'x'.repeat(100)}"}`,
    )
  })

test('a destination that refuses a batch fails the run in its words, and what was written is abandoned', async () => {
  await house.file('one.ndjson', '{"id":1}')
  const run = await ran(
    await made({
      name: 'full',
      source: { type: 'file', config: { path: 'one.ndjson' } },
      transformations: [],
      destination: { type: 'box', config: { box: 'full', takes: 'rows' } },
    }),
  )
  assert.deepEqual([run.status, run.error.code], ['failed', 'box.full'])
  assert.equal(open.has('full'), false)
})

test('lines stay whole and in order, however they come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-z]{0,12}$/)),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, bytes, cut) => {
        const text = lines.map((line) => `${line}\n`).join('')
        const chunks = (async function* () {
          for (let from = 0; from < text.length; from += cut) yield Buffer.from(text.slice(from, from + cut))
        })()
        const pieces: string[] = []
        for await (const piece of wholeLines(chunks, bytes)) pieces.push(Buffer.from(piece).toString())
        assert.equal(pieces.join(''), text)
        for (const piece of pieces) {
          assert.ok(piece.endsWith('\n'), JSON.stringify(pieces))
          assert.ok(piece.length <= bytes + 13)
        }
      },
    ),
  )
})
