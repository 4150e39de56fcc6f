import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rowBlocks } from './blocks.ts'

const limits = { rows: 3, bytes: 40 }

async function cut(chunks: readonly string[], salt = 'orders') {
  const blocks = []
  const source = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  })()
  for await (const { ndjson, rows, key } of rowBlocks(source, limits, salt))
    blocks.push({ text: ndjson.toString(), rows, key })
  return blocks
}

const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '"', ' ', '{', '\r'), maxLength: 12 }), {
  maxLength: 20,
})

test('however the bytes arrive, each line that holds something comes once, in order, in bounded blocks', async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), fc.integer({ min: 1, max: 9 }), async (rows, closed, size) => {
      const text = rows.join('\n') + (closed ? '\n' : '')
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
      const blocks = await cut(chunks)
      const expected = rows.filter((row) => row.trim() !== '').map((row) => `${row}\n`)
      assert.equal(blocks.map(({ text: block }) => block).join(''), expected.join(''))
      assert.equal(
        blocks.reduce((sum, block) => sum + block.rows, 0),
        expected.length,
      )
      for (const block of blocks) assert.ok(block.rows <= limits.rows)
    }),
    { numRuns: 200 },
  )
})

test('the same input gives the same keys, however it arrives; another stream or an earlier change gives others', async () => {
  const keys = async (chunks: readonly string[], salt?: string) => (await cut(chunks, salt)).map(({ key }) => key)
  const text = 'a\nb\nc\nd\ne\n'
  const first = await keys([text])
  assert.deepEqual(await keys([...text]), first)
  assert.equal(new Set(first).size, first.length)
  assert.notDeepEqual(await keys([text], 'other'), first)
  assert.notEqual((await keys(['x\nb\nc\nd\ne\n']))[1], first[1])
})

test('equal blocks at different places have different keys', async () => {
  const blocks = await cut(['a\na\na\na\na\na\n'])
  assert.equal(blocks.length, 2)
  assert.notEqual(blocks[0]?.key, blocks[1]?.key)
})

test('a line without an end is refused before it fills the memory', async () => {
  await assert.rejects(cut(['x'.repeat(30), 'x'.repeat(30)]), /Line 1 is longer than 40 bytes/)
})
