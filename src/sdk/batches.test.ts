import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { batchesOf, linesOf } from './index.ts'

const rows = fc.array(fc.record({ text: fc.string(), number: fc.double({ noNaN: true, noDefaultInfinity: true }) }))

test('rows come out of batches as they went in, each batch within its bounds', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 5 }),
      async (all, maxBytes, maxRows) => {
        const out: unknown[] = []
        for await (const batch of batchesOf(all, { maxBytes, maxRows })) {
          assert.ok(batch.rows.length > 0 && batch.rows.length <= maxRows)
          if (batch.rows.length > 1)
            assert.ok(Buffer.byteLength(JSON.stringify(batch.rows)) <= maxBytes + batch.rows.length + 1)
          out.push(...batch.rows)
        }
        assert.deepEqual(out, all)
      },
    ),
  )
})

test('the lines of a batch are cut into bounded pieces, whether it is of rows or of text', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 200 }), (all, maxBytes) => {
      const written = all.map((row) => JSON.stringify(row))
      const text = written.join('\n')
      for (const batch of [{ rows: all }, { ndjson: text }, { ndjson: Buffer.from(`${text}\r\n\n`) }]) {
        const pieces = [...linesOf(batch, maxBytes)]
        assert.deepEqual(pieces.flat(), written)
        for (const piece of pieces) assert.ok(piece.length === 1 || Buffer.byteLength(piece.join('\n')) < maxBytes)
      }
    }),
  )
})
