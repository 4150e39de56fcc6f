import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockRejected } from '#ports/log'
import { jsonColumnsAsText } from './json-columns.ts'

const rewritten = async (...lines: string[]) =>
  (await jsonColumnsAsText(Buffer.from(lines.join('\n')), ['j', 'k'])).toString()

test('values of json columns become JSON strings that hold their text, and everything else stays byte by byte', async () => {
  assert.equal(
    await rewritten(
      '{"id": 1.10, "j" : 1, "t":"x"}\r',
      '',
      '{"j":"1","k":true}',
      String.raw`{"\u006a":{"a" : [1e400, "\"}"]},"nested":{"j":1}}`,
      '  {"j":null,"k":-0}',
      '{}',
    ),
    [
      '{"id": 1.10, "j" : "1", "t":"x"}\r',
      '',
      String.raw`{"j":"\"1\"","k":"true"}`,
      String.raw`{"\u006a":"{\"a\":[1e400,\"\\\"}\"]}","nested":{"j":1}}`,
      '  {"j":null,"k":"-0"}',
      '{}',
    ].join('\n'),
  )
})

test('a line that is no object, and a value that is no JSON, refuse the block with their line', async () => {
  const deep = `${'['.repeat(1_001)}${']'.repeat(1_001)}`
  for (const line of [
    '{"j":1',
    '{"j":1}{"j":2}',
    '{"j":1,}',
    '{"j":01}',
    '{"j":}',
    '{"j":tru}',
    '{"j":[1}',
    '{"j" 1}',
    '[1]',
    '{"j":"a',
    String.raw`{"j":{"a":"\ud800"}}`,
    `{"j":${deep}}`,
  ])
    await assert.rejects(
      rewritten('{"j":1}', line),
      (error: Error) => error instanceof BlockRejected && error.message.startsWith('line 2: '),
      line,
    )
  assert.ok((await rewritten(`{"j":${deep.slice(1, -1)}}`)).length > 2_000)
})
