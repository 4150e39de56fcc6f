import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockRejected } from '#ports/log'
import { digitCheck } from './digit-check.ts'

const columns = [
  { name: 'n', type: 'Int64', required: true },
  { name: 'd', type: 'Decimal(12, 2)', required: false },
  { name: 't', type: 'String', required: false },
  { name: 'f', type: 'Float64', required: false },
]
const check = digitCheck(columns)
const zeros = '0'.repeat(30)

const refusal = async (...lines: string[]): Promise<string | undefined> => {
  try {
    await check(Buffer.from(lines.join('\n')))
    return undefined
  } catch (error) {
    if (error instanceof BlockRejected) return error.message
    throw error
  }
}

test('a number that needs digits where the engine drops them refuses the block, however it is written', async () => {
  const values = [
    `1.${zeros}1`,
    `"1.${zeros}1"`,
    `-1.${zeros}1`,
    `1.${zeros}1e2`,
    '1e-30',
    '1E-30',
    '"1e-30"',
    '1.5e-30',
    '-12e-30',
    '1e-99999999999999999999',
    `\t 1.${zeros}1`,
    '.1e-30',
    '+1.e-30',
  ]
  for (const value of values) {
    assert.equal(await refusal('{"n":1}', `{"t":"x","n":${value}}`), 'column "n" needs an integer', value)
    const needed = 'column "d" needs a decimal with 12 digits, 2 after the point'
    assert.equal(await refusal(String.raw`{"\u0064" : ${value},"n":1}`, '{"n":1}'), needed, value)
  }
})

test('a number that needs no such digits, and what stands in other columns and inside of values, does not', async () => {
  const values = [`5.${zeros}`, `"5.${zeros}"`, '0e-30', '1.0e-0', `1${zeros}e-30`, `0.${zeros}1e31`, '1e2', 'null']
  for (const value of values) assert.equal(await refusal(`{"n":${value}}`), undefined, value)
  for (const value of ['1e-30', `1.${zeros}1`, `"say \\"n\\":1e-30, or 1.${zeros}1"`])
    assert.equal(
      await refusal(`{"n":1,"f":${value}}`, `{"t":${value},"more":{"n":${value}},"list":[${value}]}`),
      undefined,
    )
  // Whether such text fits is for the statement of the engine.
  assert.equal(await refusal('{"n":"1.2e-3.4"}', '{"n":"x 1e-30"}'), undefined)
  // With a regular expression that tries each way to split the digits, this takes more than a quarter of an hour.
  assert.equal(await refusal(`{"n":"${'1'.repeat(1_000_000)}x","d":"1.2e-3.4"}`), undefined)
})

test('a column is found by its name, with or without escapes, in any script and behind white space', async () => {
  const names = ['größe', '数', 'n"n']
  const check = digitCheck(names.map((name) => ({ name, type: 'Int64', required: false })))
  for (const name of names)
    for (const key of [
      JSON.stringify(name),
      `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(name).slice(2)}`,
    ])
      for (const between of [':', ' \t: ', '\r:\t'])
        for (const value of ['1e-30', `0.${zeros}1`])
          assert.throws(() => check(Buffer.from(`{"f":1e-30,${key}${between}${value}}`)), BlockRejected, key)
  for (const name of ['f', 'n', 'größ', '"', '\\'])
    assert.equal(check(Buffer.from(`{${JSON.stringify(name)}:1e-30}\n{"f":0.${zeros}1}`)), undefined)
})

test('a line with such a number that is no JSON object refuses the block with its line', async () => {
  assert.equal(await refusal('{"n":1}', '', '{"n":1e-30'), 'line 3: is not a JSON object')
  assert.equal(await refusal('{"n":', '1e-30}'), 'line 2: is not a JSON object')
})

test('a long block is read to its end', async () => {
  const lines = Array.from({ length: 40_000 }, (_, n) => `{"n":${n},"t":"${'x'.repeat(n % 20)}"}`)
  assert.equal(await refusal(...lines), undefined)
  for (const place of [0, 13_000, 39_999]) {
    const some = lines.with(place, '{"n":1e-30}')
    assert.equal(await refusal(...some, ''), 'column "n" needs an integer')
  }
})

test('the widest decimals, of which the engine reads no more digits than they keep, are checked from there on', async () => {
  const wide = digitCheck([{ name: 'w', type: 'Decimal(76, 2)', required: false }])
  await wide(Buffer.from('{"w":1.25}\n{"w":1.500}'))
  assert.throws(() => wide(Buffer.from('{"w":1.005}')), BlockRejected)
})
