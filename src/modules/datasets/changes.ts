/** What may change in a dataset that has rows. */
import type { Column, DatasetSpec } from '#core/dataset'
import type { Problem } from '#core/errors'
import { datasetErrors } from './errors.ts'
import type { Dataset } from './index.ts'

/** The columns after the change; rejects with every reason when rows or values would be lost. */
export function changedColumns(dataset: Dataset, spec: DatasetSpec): readonly Column[] {
  const problems: Problem[] = []
  const add = (at: string, code: string, message: string): void => void problems.push({ at, code, message })
  if (spec.name !== dataset.name) add('name', 'fixed', `the name stays "${dataset.name}"`)
  if (spec.kind !== dataset.kind) add('kind', 'fixed', `the kind stays "${dataset.kind}"`)
  if (JSON.stringify(spec.key ?? null) !== JSON.stringify(dataset.key ?? null))
    add('key', 'fixed', `the key stays ${dataset.key?.join(', ') ?? 'unset'}`)
  const given = new Map(spec.columns.map((column, index) => [column.name, { column, index }]))
  const kept = dataset.columns.map((before) => {
    const after = given.get(before.name)
    if (after === undefined) {
      add('columns', 'column_removed', `column "${before.name}" is left out here, and a column is never taken away`)
      return before
    }
    if (after.column.type !== before.type)
      add(
        `columns[${after.index}].type`,
        'type_changed',
        `column "${before.name}" is ${before.type} and cannot become ${after.column.type}`,
      )
    if (after.column.nullable !== before.nullable) {
      add(
        `columns[${after.index}].nullable`,
        'nullability_changed',
        `column "${before.name}" stays ${before.nullable ? 'nullable' : 'required'}`,
      )
    }
    return { ...before, tags: after.column.tags }
  })
  const known = new Set(dataset.columns.map((column) => column.name))
  const added = spec.columns.filter((column) => !known.has(column.name))
  for (const column of added) {
    if (!column.nullable)
      add(
        `columns[${given.get(column.name)?.index}].nullable`,
        'not_nullable',
        `column "${column.name}" is new, and rows that are there have no value for it: it has to be nullable`,
      )
  }
  if (problems.length > 0) throw datasetErrors.loses_data({ name: dataset.name }, { problems })
  return [...kept, ...added]
}
