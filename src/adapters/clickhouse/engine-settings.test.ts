import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Session } from 'chdb'
import type { EngineSettings } from '#core/engine-settings'
import type { QueryLimits } from '#ports/warehouse'
import { clickhouseLimits, clickhouseSettings } from './engine-settings.ts'

const session = new Session()
after(() => session.cleanup())

const all: Required<EngineSettings> = {
  times: 'rfc3339',
  exactNumbers: 'text',
  decimalDigits: 'all',
  nonFinite: 'null',
  zone: 'UTC',
  timesRead: 'any',
  emptyValues: 'refused',
  rowVersions: 'latest',
  firstRows: 5,
  conditions: 'in_order',
  author: 'untrusted',
  parsing: 'bounded',
  maxStatementBytes: 1_000_000,
  statement: 'wide',
  evaluation: 'interpreted',
  insert: 'one_part',
  deletion: 'synchronous',
  insertToken: 'token',
  order: 'kept',
  fileValues: 'csv',
  inferredNumbers: 'float',
  csvDelimiter: ';',
  customDelimiter: '\t',
  raggedRows: 'allowed',
  brokenRows: { max: 1, file: '/tmp/broken.csv' },
  existingFile: 'replaced',
}
const limits: Required<QueryLimits> = {
  seconds: 1,
  rows: 1,
  memoryBytes: 1,
  rowsRead: 1,
  spillBytes: 1,
  temporaryBytes: 1,
}

test('the engine knows every setting by the name it is translated to', () => {
  const known = new Set(session.query('SELECT name FROM system.settings', 'TSV').trim().split('\n'))
  const forms: EngineSettings[] = [
    all,
    ...(['csv', 'csv_text', 'json', 'typed'] as const).map((fileValues) => ({ fileValues })),
  ]
  const names = [...forms.map(clickhouseSettings), clickhouseLimits(limits)].flatMap(Object.keys)
  assert.ok(names.length > 50)
  assert.deepEqual(
    names.filter((name) => !known.has(name)),
    [],
  )
})

test('what is left out is not translated', () => {
  assert.deepEqual({ ...clickhouseSettings({}), ...clickhouseLimits({}) }, {})
  assert.deepEqual(clickhouseSettings({ exactNumbers: 'number', zone: 'UTC' }), {
    output_format_json_quote_64bit_integers: 0,
    output_format_json_quote_decimals: 0,
    session_timezone: 'UTC',
  })
})
