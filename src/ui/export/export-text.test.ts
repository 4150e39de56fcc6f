import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportParts, type Export } from './export-text.ts'

interface Row {
  readonly name: string
  readonly size: number | null
}
const source: Export<Row> = {
  name: 'things',
  about: () => [
    ['Filter', "name != 'x'\n and size > 1"],
    ['As of', '2026-11-21T10:00:00Z'],
  ],
  columns: [
    { id: 'name', value: (row) => row.name },
    { id: 'size', value: (row) => row.size },
  ],
  *read() {
    yield [{ name: 'a "b", c', size: 1 }]
    yield []
    yield [
      { name: '', size: null },
      { name: '# no head', size: -0.5 },
    ]
  },
}
const never = new AbortController().signal

test('CSV begins with the names of its columns, as spreadsheets need it, and its description is beside it', async () => {
  const { parts, about } = await exportParts(source, 'csv', never)
  assert.equal(parts.join(''), ['name,size', '"a ""b"", c",1', '"",', '# no head,-0.5', ''].join('\r\n'))
  assert.equal(about, ["Filter: name != 'x' and size > 1", 'As of: 2026-11-21T10:00:00Z', 'Rows: 3', ''].join('\r\n'))
})

test('JSON says the same, and nothing is null', async () => {
  const { about, rows } = JSON.parse((await exportParts(source, 'json', never)).parts.join('')) as Record<
    string,
    unknown
  >
  assert.deepEqual(about, { Filter: "name != 'x'\n and size > 1", 'As of': '2026-11-21T10:00:00Z', Rows: '3' })
  assert.deepEqual(rows, [
    { name: 'a "b", c', size: 1 },
    { name: '', size: null },
    { name: '# no head', size: -0.5 },
  ])
  const none = { ...source, read: () => [] }
  assert.deepEqual((JSON.parse((await exportParts(none, 'json', never)).parts.join('')) as { rows: unknown }).rows, [])
})

test('it says how far it is, and ends when it is told to', async () => {
  const counts: number[] = []
  await exportParts(source, 'csv', never, (rows) => counts.push(rows))
  assert.deepEqual(counts, [1, 3])
  await assert.rejects(exportParts(source, 'csv', AbortSignal.abort()), /abort/i)
})
