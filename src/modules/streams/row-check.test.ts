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
  'decimal(76,2)',
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

/** Behind the digits that the engine reads. */
const deep = ['1e-36', '-1e-38', '5.0000000000000000000000000000000000000001', '5.0000000000000000000000000000000000000000', '"0.00000000000000000000000000000000000000001"', '"-1e-300"', '1000000000000000000000e-21'] as const // prettier-ignore

/** Numbers with zeros before and behind their digits, with the number of units of 10⁻²⁰⁰ that they are. */
const Deep = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: fc.nat({ max: 12_000 }),
    zeros: fc.nat({ max: 60 }),
    digits: fc.oneof(fc.constant(''), fc.nat({ max: 2_000 }).map(String)),
    end: fc.nat({ max: 30 }),
    exponent: fc.oneof(fc.constant(undefined), fc.integer({ min: -40, max: 6 })),
    isText: fc.boolean(),
  })
  .map(({ sign, whole, zeros, digits, end, exponent, isText }) => {
    // The engine refuses more than 38 digits with an exponent, whatever number they are.
    const [before, behind] = exponent === undefined ? [zeros, end] : [zeros % 15, end % 10]
    const fraction = '0'.repeat(before) + digits + '0'.repeat(behind)
    const e = exponent === undefined ? '' : `${end % 2 === 0 ? 'e' : 'E'}${exponent}`
    const text = `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${e}`
    const units = BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(200 - fraction.length + (exponent ?? 0))
    return { written: isText ? `"${text}"` : text, units }
  })

const Value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...edges, ...deep) },
  { weight: 2, arbitrary: Deep.map(({ written }) => written) },
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

test('a number is stored exactly in an integer or decimal column, or its row is rejected', async () => {
  const kinds = [
    { name: 'i', type: 'integer', scale: 0, limit: 2n ** 63n },
    { name: 'd', type: 'decimal(12,2)', scale: 2, limit: 10n ** 12n },
    { name: 'e', type: 'decimal(38,30)', scale: 30, limit: 10n ** 38n },
    { name: 'w', type: 'decimal(76,2)', scale: 2, limit: 10n ** 76n },
  ] as const
  const columns = [{ name: 'id', type: 'integer' }, ...kinds.map(({ name, type }) => ({ name, type }))]
  assert.equal((await house.call('POST', '/api/v1/datasets', { name: 'exact', columns })).status, 201)
  let position = '0'
  const Row = fc.record({ kind: fc.constantFrom(...kinds), number: Deep })
  await assertProperty(
    fc.asyncProperty(fc.array(Row, { minLength: 60, maxLength: 60 }), async (rows) => {
      const from = position
      const lines = rows.map(({ kind, number }, id) => `{"id":${id},"${kind.name}":${number.written}}`)
      const ndjson = [...lines, '{"id":99}'].join('\n')
      const sent = await house.call('POST', '/api/v1/streams/exact/events', ndjson, {
        'content-type': 'application/x-ndjson',
      })
      position = sent.body.position
      const { body } = await house.call('GET', `/api/v1/streams/exact/events?after=${from}&limit=100`)
      const stored = (body.items as Record<string, string>[]).flatMap((row) => {
        const { kind } = rows[Number(row['id'])] ?? {}
        return kind === undefined ? [] : [`${lines[Number(row['id'])]} is ${unitsOf(row[kind.name]!)}`]
      })
      const expected = rows.flatMap(({ kind, number: { units } }, id) => {
        const rest = 10n ** BigInt(200 - kind.scale)
        const fits = units % rest === 0n && units / rest < kind.limit && units / rest > -kind.limit
        return fits ? [`${lines[id]} is ${units}`] : []
      })
      assert.deepEqual(stored, expected)
      assert.deepEqual([sent.body.accepted, sent.body.rejected], [expected.length + 1, 60 - expected.length])
    }),
    { short: 3, long: 300 },
  )
  const path = '/api/v1/datasets/exact/quarantine'
  const [{ id }] = (await house.call('GET', path)).body.items
  const body = `{"rows":[{"id":"${id}","row":{"id":1,"d":1.0000000000000000000000001}}]}`
  const replayed = await house.call('POST', `${path}/replay`, body, { 'content-type': 'application/json' })
  assert.deepEqual([replayed.status, replayed.body.code], [422, 'datasets.not_replayed'])
})

function unitsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(200, '0'))
}

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

test('a long text of digits that is no number is rejected', () => {
  // With a regular expression that tries each way to split the digits, this takes more than a quarter of an hour.
  const digits = `${'1'.repeat(1_000_000)}x`
  const verdict = rowCheck(columns)(Buffer.from(JSON.stringify({ c1: digits, c2: digits, c6: digits })), 1)
  assert.deepEqual('problems' in verdict && verdict.problems.map(({ at }) => at), [
    'rows.1.c1',
    'rows.1.c2',
    'rows.1.c6',
  ])
})
