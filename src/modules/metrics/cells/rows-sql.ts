/** The SQL that both ways to an answer share: rows as the measure sees them, grouped into states. */
import { quoteName } from '#core/dataset'
import type { CompiledMetric, TickUnit } from '../definition/compile.ts'
import type { State } from '../definition/states.ts'

/**
 * One row of the dataset as `@tick`, `@g0` … for the groups and `@v0` … for the measure's inputs.
 * No column of a dataset can have these names, so nothing a person writes can mean them.
 */
export function rowsSql(
  metric: CompiledMetric,
  groups: readonly string[],
  unit: TickUnit,
  conditions: readonly string[],
): string {
  const columns = [
    `${metric.tick(unit)} AS \`@tick\``,
    ...groups.map((name, index) => `${quoteName(name)} AS \`@g${index}\``),
    ...metric.measure.inputs.map((input) => `${input.sql} AS ${quoteName(input.name)}`),
  ]
  const where = [...conditions, ...(metric.where === '1' ? [] : [metric.where])].join(' AND ') || '1'
  return `SELECT ${columns.join(', ')} FROM ${metric.from} WHERE ${where}`
}

export function statesOfRows(states: readonly State[]): string[] {
  return ['count() AS n', ...states.map((state) => `${state.ofRows} AS ${state.column}`)]
}

/** `from` names the subquery; bare names would mean the new ones. */
export function statesCombined(states: readonly State[], from: string, when?: string): string[] {
  const rows = when === undefined ? `sum(${from}.n)` : `sumIf(${from}.n, ${when})`
  return [
    `${rows} AS n`,
    ...states.map((state) => `${state.combined(`${from}.${state.column}`, when)} AS ${state.column}`),
  ]
}
