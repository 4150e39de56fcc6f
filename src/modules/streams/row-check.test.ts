import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Column, ColumnType } from '#core/dataset'
import { rowCheck } from '#core/row-check'
import { datasets } from '#modules/datasets'
import { BlockRejected } from '#ports/log'
import { assertProperty, isLong, seed } from '#tests/long-form'
import { openHouse, type House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(async () => {
  await house.close()
})

const types: readonly ColumnType[] = [
  'string',
  'integer',
  'number',
  'boolean',
  'timestamp',
  'date',
  'decimal(12,2)',
  'decimal(38,9)',
  'decimal(60,20)',
]
const columns = types.map((type, index): Column => ({ name: `c${index}`, type, nullable: true, tags: [] }))
const withJson: readonly Column[] = [...columns, { name: 'json', type: 'json', nullable: true, tags: [] }]

const edges = [
  '0',
  '-0',
  '1',
  '-1',
  '1.0',
  '1.5',
  '1e3',
  '1E+2',
  '1e-3',
  '123.456',
  '0.1',
  '0.01',
  '0.001',
  '0.30000000000000004',
  '1e400',
  '-1e400',
  '1e308',
  '1.7976931348623159e308',
  '5e-400',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '99999999999999999999999999999999999999999',
  '9999999999.99',
  '10000000000.00',
  '1e29',
  '1e-18',
  '1e-19',
  '12345678901234567890123456789.123456789',
  'true',
  'false',
  'null',
  '""',
  '" "',
  '"x"',
  '"1"',
  '"-1"',
  '"1.5"',
  '" 1"',
  '"+1"',
  '"1e2"',
  '"nan"',
  '"inf"',
  '"true"',
  '"9223372036854775808"',
  '"00012"',
  '"0.001"',
  '".5"',
  '"5."',
  '"-"',
  '{}',
  '{"a":1}',
  '[]',
  '[1,"x",null]',
  '"\\ud83d\\ude00"',
  '"\\u0000"',
  '"line\\nbreak"',
  '"2026-01-31"',
  '"2026-02-30"',
  '"2024-02-29"',
  '"2023-02-29"',
  '"1900-01-01"',
  '"1899-12-31"',
  '"2299-12-31"',
  '"2300-01-01"',
  '"2026-1-1"',
  '"2026-01-31T10:00:00Z"',
  '"2026-01-31T10:00:00.123456789Z"',
  '"2026-01-31T10:00:00.1234567891Z"',
  '"2026-01-31T10:00:00+05:30"',
  '"2026-01-31T10:00:00-23:59"',
  '"2026-01-31T10:00:00+24:00"',
  '"2026-01-31T24:00:00Z"',
  '"2026-01-31T10:60:00Z"',
  '"2026-01-31T10:00:60Z"',
  '"2026-01-31 10:00:00"',
  '"2026-01-31t10:00:00z"',
  '"2026-01-31T10:00Z"',
  '"20260131"',
  '"1700000000"',
  '"Jan 5 2026"',
  '"1969-12-31T23:59:59.999999Z"',
  '1700000000',
] as const

/** Around the last digit that is read of the widest decimal. */
const deep = ['1e-36', '1e-37', '-1e-38'] as const

const Value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...edges, ...deep) },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => JSON.stringify(date)) },
)

/** Lines that the engine takes, one block of them; those that it refuses, one block each, since a fault hides others. */
async function agreement(stream: string, given: readonly Column[], edged: readonly Column[]): Promise<void> {
  const face = house.running.face(datasets)
  await face.create('default', { name: stream, kind: 'events', columns: [...given] }, { kind: 'declared' })
  const check = rowCheck(given)
  let id = 0
  const engineTakes = async (lines: readonly string[]): Promise<boolean> => {
    const ndjson = Buffer.from(lines.join('\n'))
    try {
      await face.append('default', stream, { id: String((id += 1)), once: true, ndjson, count: lines.length })
      return true
    } catch (error) {
      assert.ok(error instanceof BlockRejected, `${lines.join('\n')}: ${String(error)}`)
      return false
    }
  }
  const refusedOf = async (lines: readonly string[]): Promise<readonly string[]> => {
    if (lines.length === 0 || (await engineTakes(lines))) return []
    const half = lines.length >> 1
    if (half === 0) return lines
    return [...(await refusedOf(lines.slice(0, half))), ...(await refusedOf(lines.slice(half)))]
  }
  /** The lines about which they differ. */
  const differences = async (lines: readonly string[]): Promise<readonly string[]> => {
    const verdicts = lines.map((line) => ({ line, verdict: check(Buffer.from(line), 1) }))
    const fitting = verdicts.flatMap(({ line, verdict }) =>
      'line' in verdict ? [...new Set([line, verdict.line])] : [],
    )
    const others = verdicts.flatMap(({ line, verdict }) => ('line' in verdict ? [] : [line]))
    const refused = await refusedOf(fitting)
    const accepted: string[] = []
    for (const line of others) if (await engineTakes([line])) accepted.push(line)
    return [...refused.map((line) => `only the check takes ${line}`), ...accepted.map((line) => `only the engine takes ${line}`)] // prettier-ignore
  }
  for (const [index, { name }] of edged.entries()) {
    const some = edges.filter((_, place) => isLong || (place + index + seed) % 10 === 0)
    assert.deepEqual(await differences([...some, ...deep].map((value) => `{"${name}":${value}}`)), [])
  }
  const Line = fc
    .record({ column: fc.constantFrom(...given), value: Value })
    .map(({ column, value }) => `{"${column.name}":${value}}`)
  const rows = isLong ? 100 : 30
  const Lines = fc.array(Line, { minLength: rows, maxLength: rows, size: 'max' })
  await assertProperty(
    fc.asyncProperty(Lines, async (lines) => assert.deepEqual(await differences(lines), [])),
    { short: 1, long: 50 },
  )
}

test('the check of one row and the engine take the same values', async () => {
  await agreement('plain', columns, columns)
})

test('they agree in a dataset with a json column too', async () => {
  await agreement(
    'nested',
    withJson,
    withJson.filter(({ type }) => isLong || type === 'string' || type === 'json'),
  )
})

test('a name that no column can have is told apart from one that the dataset lacks', () => {
  const verdict = rowCheck(columns)(Buffer.from('{"order id":1,"_position":"1","other":1}'), 1)
  assert.deepEqual(
    'problems' in verdict && verdict.problems.map(({ message }) => message.replace(/letter.*/, 'letter …')),
    [
      'row 1: "order id" cannot be the name of a column: it starts with a letter …',
      'row 1: "_position" cannot be the name of a column: it is a name Millrace fills itself',
      'row 1: column "other" is not part of the dataset',
    ],
  )
})
