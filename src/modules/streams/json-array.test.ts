import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MillraceError } from '#core/errors'
import { unwrapCloudEvents } from './cloud-events.ts'
import { toNdjson } from './json-array.ts'
import { countLines, linesOf } from './lines.ts'

const read = (ndjson: Buffer): unknown[] =>
  [...linesOf(ndjson)].map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as unknown)

test('any array of objects becomes its elements, however it is printed', async () => {
  const Rows = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      Rows,
      fc.constantFrom(0, 1, '\t', '\r\n  '),
      fc.constantFrom('', ' ', '\n'),
      async (rows, indent, around) => {
        const text = `${around}${JSON.stringify(rows, null, indent as number)}${around}`
        const ndjson = await toNdjson(Buffer.from(text))
        assert.deepEqual(read(ndjson), JSON.parse(text))
        assert.equal(countLines(ndjson), rows.length)
      },
    ),
    { numRuns: 500 },
  )
})

test('whatever the bytes are, the answer is lines or a clear refusal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', ' ', '\n', '1', ':', 'a'), { maxLength: 20 }),
      async (parts) => {
        const text = parts.join('')
        let valid: unknown
        try {
          valid = JSON.parse(text)
        } catch {
          valid = undefined
        }
        try {
          const ndjson = await toNdjson(Buffer.from(text))
          if (Array.isArray(valid)) assert.deepEqual(read(ndjson), valid)
        } catch (error) {
          assert.ok(error instanceof MillraceError, String(error))
          assert.ok(!Array.isArray(valid), `${text} is an array`)
        }
      },
    ),
    { numRuns: 3000 },
  )
})

test('lines are counted as they are read', () => {
  const Text = fc
    .array(fc.constantFrom('{"a":1}', '', '\r', '\n', '\r\n'), { maxLength: 12 })
    .map((parts) => parts.join('\n'))
  fc.assert(
    fc.property(Text, (text) => assert.equal(countLines(Buffer.from(text)), [...linesOf(Buffer.from(text))].length)),
  )
})

test('the data of a CloudEvent is the row, its numbers as they were written', async () => {
  const envelope =
    '{"specversion":"1.0","id":"7","source":"/shop","type":"order","time":"2026-01-31T10:00:00Z","data":{"n":9007199254740993,"d":1.10}}'
  const rows = async (columns: string[]): Promise<string> =>
    (await unwrapCloudEvents(Buffer.from(envelope), new Set(columns))).ndjson.toString().trim()
  assert.equal(await rows([]), '{"n":9007199254740993,"d":1.10}')
  assert.equal(
    await rows(['ce_id', 'ce_time']),
    '{"n":9007199254740993,"d":1.10,"ce_id":"7","ce_time":"2026-01-31T10:00:00Z"}',
  )
  const broken = '{"specversion":"0.3","data":{"n":1}}'
  assert.equal((await unwrapCloudEvents(Buffer.from(broken), new Set())).ndjson.toString().trim(), broken)
})
