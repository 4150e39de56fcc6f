/** A real engine for the tests of plans. */
import { Session } from 'chdb'
import type { Field } from '#core/expression'
import { show } from '#sdk'
import type { Sql } from '#sdk'
import { compile } from './compile.ts'
import type { Plan } from './plan.ts'
import type { Row } from './random-plan-fixture.ts'

const settings =
  'SETTINGS output_format_json_quote_64bit_integers = 1, output_format_json_quote_decimals = 1, output_format_decimal_trailing_zeros = 1'

export interface TestEngine {
  ask(select: Sql): readonly Row[]
  rows(plan: Plan): readonly Row[]
  types(plan: Plan): ReadonlyMap<string, string>
  close(): void
}

export function openEngine(): TestEngine {
  const session = new Session()
  const lines = (query: string): Record<string, unknown>[] =>
    session
      .query(query, 'JSONEachRow')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const ask = (select: Sql): readonly Row[] =>
    lines(`SELECT * FROM (${show(select)}) ${settings} FORMAT JSONEachRow`).map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, fieldOf(value)])),
    )
  return {
    ask,
    rows: (plan) => ask(compile(plan, 'clickhouse')),
    types: (plan) =>
      new Map(
        lines(`DESCRIBE (${show(compile(plan, 'clickhouse'))}) FORMAT JSONEachRow`).map((column) => [
          String(column['name']),
          String(column['type']),
        ]),
      ),
    close: () => session.cleanup(),
  }
}

function fieldOf(value: unknown): Field {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Field)
}
