/** Random expressions that fit their types, and rows for them. For tests. */
import fc from 'fast-check'
import type { ColumnType } from '#core/dataset'
import { stringText } from '../expression-text.ts'
import type { Field } from './rows.ts'

export const sampleColumns = [
  { name: 'i', type: 'integer', nullable: true },
  { name: 'j', type: 'integer', nullable: false },
  { name: 'd', type: 'decimal(18,2)', nullable: true },
  { name: 'e', type: 'decimal(38,9)', nullable: false },
  { name: 'f', type: 'number', nullable: true },
  { name: 's', type: 'string', nullable: true },
  { name: 't', type: 'string', nullable: false },
  { name: 'b', type: 'boolean', nullable: true },
  { name: 'ts', type: 'timestamp', nullable: true },
  { name: 'dt', type: 'date', nullable: false },
] as const satisfies readonly { name: string; type: ColumnType; nullable: boolean }[]

export type SampleRow = Readonly<Record<string, Field>>

const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 })
const integerText = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
)
const decimalText = (whole: number, scale: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.bigInt({ min: -(10n ** BigInt(whole)) + 1n, max: 10n ** BigInt(whole) - 1n }), fc.nat(10 ** scale - 1))
    .map(([units, fraction]) => `${units}.${String(fraction).padStart(scale, '0')}`)
/** Dates and times at the ends of what the types hold, and some that are none. */
export const timeTexts = [
  '0000',
  '0001',
  '1000',
  '1800',
  '1899',
  '1900',
  '2026',
  '2299',
  '2300',
  '9999',
  '10000',
].flatMap((year) =>
  ['01-01', '12-31', '02-30', '13-01'].flatMap((day) =>
    [
      '',
      'T00:00:00Z',
      ' 23:59:59.9999999',
      'T23:00:00-05:00',
      'T03:00:00+05:00',
      'T24:00:00Z',
      'T23:60:00Z',
      'T23:59:60Z',
    ].map((clock) => `${year}-${day}${clock}`),
  ),
)
const timeText = fc.constantFrom(...timeTexts)
const text = fc.oneof(
  timeText,
  fc.constantFrom(
    '',
    'a',
    'A',
    'ab',
    'abc',
    ' a ',
    '%',
    '_',
    '\\',
    'ä',
    '12',
    '-7',
    '1.25',
    'true',
    '2026-02-28',
    '2026-02-28T01:02:03Z',
    '2026-02-30',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', 'B', ' ', '%', '\\', 'é', '\u{1f600}', '1', '.', '-'), maxLength: 6 }),
)
const number = fc.oneof(
  fc.integer({ min: -400, max: 400 }).map((value) => value / 4),
  fc.constantFrom(0, 0.1, 1e-7, 1e15, -2.5, 0.5, 1e300),
)
const instant = fc
  .date({ min: new Date('1950-01-01T00:00:00Z'), max: new Date('2150-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

export const rowOf: fc.Arbitrary<SampleRow> = fc.record({
  i: orNull(integerText),
  j: integerText,
  d: orNull(decimalText(4, 2)),
  e: decimalText(12, 9),
  f: orNull(number),
  s: orNull(text),
  t: text,
  b: orNull(fc.boolean()),
  ts: orNull(instant.map((at) => at.replace('T', ' ').replace('Z', ''))),
  dt: instant.map((at) => at.slice(0, 10)),
})

interface Grammar {
  integer: string
  decimal: string
  number: string
  string: string
  boolean: string
  time: string
}

type Text = fc.Arbitrary<string>
type Kinds = [Text, Text, Text, Text, Text, Text]

/** Depth shrinks towards columns and constants. */
const grammar = fc.letrec<Grammar>((again) => {
  const of = (...choices: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.oneof({ maxDepth: 4, depthSize: 'small' }, ...(choices as [fc.Arbitrary<string>]))
  const join = (template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts)
      .map((texts) => template.split('?').reduce((sentence, piece, index) => sentence + texts[index - 1]! + piece))
  const [integer, decimal, float, string, boolean, time] = (
    ['integer', 'decimal', 'number', 'string', 'boolean', 'time'] as const
  ).map((kind) => again(kind) as fc.Arbitrary<string>) as Kinds
  const small = fc.constantFrom('d', '0.1', '2.50', 'd', '7')
  const choosing = (kind: fc.Arbitrary<string>): fc.Arbitrary<string>[] => [
    join('if(?, ?, ?)', boolean, kind, kind),
    join('coalesce(?, ?)', kind, kind),
    join('nullif(?, ?)', kind, kind),
    join('case when ? then ? when ? then ? end', boolean, kind, boolean, kind),
    join('least(?, ?)', kind, kind),
    join('greatest(?, null, ?)', kind, kind),
  ]
  return {
    integer: of(
      fc.constantFrom('i', 'j'),
      fc.integer({ min: -20, max: 20 }).map(String),
      fc.constantFrom('9223372036854775807', '-9223372036854775808', 'null'),
      fc.constantFrom('+', '-', '*', '%').chain((operator) => join(`(? ${operator} ?)`, integer, integer)),
      join('-(?)', integer),
      join('abs(?)', integer),
      join('length(?)', string),
      join('round(?)', integer),
      fc
        .constantFrom('year', 'quarter', 'month', 'day', 'weekday', 'hour', 'minute')
        .chain((part) => join(`${part}(?)`, time)),
      join('cast(? as integer)', fc.oneof(float, decimal, string, boolean)),
      ...choosing(integer),
    ),
    decimal: of(
      fc.constantFrom('d', 'e'),
      fc.constantFrom('0.1', '12.345', '-0.005', '100.0'),
      fc
        .constantFrom('+', '-')
        .chain((operator) => join(`(? ${operator} ?)`, small, fc.oneof(small, fc.constant('i'), fc.constant('e')))),
      join('(? * ?)', small, fc.oneof(small, fc.constant('j'))),
      join('-(?)', fc.constantFrom('d', 'e')),
      join('round(?, ?)', small, fc.constantFrom('0', '1', '2', '5')),
      join('floor(?)', small),
      join('ceil(?)', fc.constantFrom('d', 'e')),
      join('abs(?)', small),
      join('cast(? as decimal(18,3))', fc.oneof(float, integer, string, fc.constantFrom('d', 'e'))),
      join('cast(? as decimal(6,1))', fc.oneof(float, integer, string, fc.constantFrom('d', 'e'))),
      join('if(?, ?, ?)', boolean, small, small),
      join('coalesce(?, ?)', small, fc.constantFrom('e', 'i')),
      join('greatest(?, ?)', small, small),
    ),
    number: of(
      fc.constant('f'),
      fc.constantFrom('1e0', '2.5e-1', '1e3'),
      fc.constantFrom('+', '-', '*', '/').chain((operator) => join(`(? ${operator} ?)`, float, float)),
      join('(? / ?)', fc.constantFrom('i', 'd', 'e', '3'), fc.constantFrom('j', 'd', '0', '7')),
      join('(? % ?)', fc.constantFrom('f', '7.5e0'), fc.constantFrom('2e0', '0e0')),
      join('round(?)', fc.constant('f')),
      join('round(?, 1)', fc.constant('f')),
      join('floor(?)', fc.constant('f')),
      join('seconds_between(?, ?)', time, time),
      join('cast(? as number)', fc.oneof(integer, decimal, string)),
      join('if(?, ?, ?)', boolean, float, float),
      join('coalesce(?, ?)', float, float),
    ),
    string: of(
      fc.constantFrom('s', 't'),
      text.map(stringText),
      fc.constant('null'),
      fc.constantFrom('lower', 'upper', 'trim').chain((name) => join(`${name}(?)`, string)),
      join('concat(?, ?)', string, string),
      join('substring(?, ?, ?)', string, fc.constantFrom('1', '2', '0', '-1'), fc.constantFrom('0', '1', '3', '-2')),
      join('substring(?, ?)', string, fc.constantFrom('1', '3')),
      join('replace(?, ?, ?)', string, string, string),
      join('cast(? as string)', fc.oneof(integer, boolean, time, fc.constantFrom('d', 'e', 'f'))),
      ...choosing(string),
    ),
    boolean: of(
      fc.constant('b'),
      fc.constantFrom('true', 'false', 'null'),
      ...[integer, decimal, string, time].map((kind) =>
        fc.constantFrom('=', '!=', '<', '<=', '>', '>=').chain((operator) => join(`(? ${operator} ?)`, kind, kind)),
      ),
      join('(? < ?)', fc.constantFrom('f', 'i', 'd'), fc.constantFrom('f', 'j', 'e')),
      join('(? = ?)', fc.constantFrom('f', 'i'), fc.constantFrom('i', '1.5', '1e0')),
      join('(? and ?)', boolean, boolean),
      join('(? or ?)', boolean, boolean),
      join('not (?)', boolean),
      join('(? is null)', fc.oneof(string, integer, boolean)),
      join('(? is not null)', time),
      join('(? in (?, ?))', string, text.map(stringText), text.map(stringText)),
      join('(? not in (?, ?, null))', integer, integer, fc.constant('5')),
      join('(? in (1, 2.5, -3))', fc.constantFrom('i', 'd', 'e')),
      join('(? in (1, 0.25))', fc.constant('f')),
      join('(? between ? and ?)', integer, integer, integer),
      join('(? not between ? and ?)', string, string, string),
      fc
        .tuple(
          fc.constantFrom('like', 'not like', 'ilike'),
          fc.string({ unit: fc.constantFrom('a', 'B', '%', '_', '.', '(', 'é'), maxLength: 5 }),
        )
        .chain(([operator, pattern]) => string.map((value) => `(${value} ${operator} ${stringText(pattern)})`)),
      fc.constantFrom('contains', 'starts_with', 'ends_with').chain((name) => join(`${name}(?, ?)`, string, string)),
      join("matches(?, '^[a-c]+[0-9]*.')", string),
      join('cast(? as boolean)', string),
      join("(? > '2001-02-03')", fc.constantFrom('ts', 'dt')),
      join("(? <= '2001-02-03T04:05:06.5+02:00')", fc.constant('ts')),
      join('(dt < ?)', time),
    ),
    time: of(
      fc.constant('ts'),
      fc.constant('ts'),
      fc.constant('cast(dt as timestamp)'),
      fc
        .constantFrom('second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year')
        .chain((unit) => join(`date_trunc('${unit}', ?)`, time)),
      join('cast(? as timestamp)', fc.oneof(string, timeText.map(stringText))),
      join('cast(? as date)', fc.oneof(string, timeText.map(stringText), time)),
      join('coalesce(?, ?)', time, time),
      join('greatest(?, ?)', time, time),
    ),
  }
})

export const expressionOf: fc.Arbitrary<string> = fc.oneof(
  grammar.integer,
  grammar.decimal,
  grammar.number,
  grammar.string,
  grammar.boolean,
  grammar.time,
)
