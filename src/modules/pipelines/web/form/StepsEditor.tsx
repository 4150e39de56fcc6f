import { problemAt, startingValue, type FieldProblem } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import type { TransformationItem } from '../pipeline-api.ts'
import { wordFor } from '../pipeline-flow.ts'
import { conditionsOf } from './conditions.ts'
import type { Part, StepColumn } from './draft.ts'
import { FilterFields } from './FilterFields.tsx'
import { ItemList } from './ItemList.tsx'

/** The transformations in order, each with its own settings. */
export function StepsEditor({
  steps,
  kinds,
  problems,
  columnsBefore,
  onChange,
}: {
  readonly steps: readonly Part[]
  readonly kinds: readonly TransformationItem[]
  readonly problems: readonly FieldProblem[]
  /** The columns that reach a step. */
  readonly columnsBefore: (step: number) => readonly StepColumn[] | undefined
  readonly onChange: (steps: readonly Part[]) => void
}) {
  const add = (type: string): void => {
    const config = startingValue(kinds.find((kind) => kind.type === type)?.settings ?? {})
    onChange([...steps, { type, config: (config ?? {}) as Part['config'] }])
  }
  return (
    <ItemList
      title="Transformations"
      noun="step"
      none="None: rows go to the destination as they are."
      items={steps}
      kinds={kinds}
      onAdd={add}
      onChange={onChange}
      show={(step, index) => {
        const kind = kinds.find(({ type }) => type === step.type)
        const place = `transformations.${index}`
        const columns = columnsBefore(index)
        const change = (config: Part['config']): void => onChange(steps.with(index, { ...step, config }))
        const conditions = step.type === 'filter' ? conditionsOf(step.config) : undefined
        return {
          title: kind?.title ?? wordFor(step.type),
          about: kind?.about,
          error:
            problemAt(problems, place) ??
            problemAt(problems, `${place}.type`) ??
            problemAt(problems, `${place}.config`),
          body:
            kind === undefined ? null : conditions !== undefined ? (
              <FilterFields
                conditions={conditions}
                columns={columns}
                place={`${place}.config`}
                problems={problems}
                onChange={change}
              />
            ) : (
              <SchemaForm
                schema={kind.settings}
                example={kind.example}
                value={step.config}
                place={`${place}.config`}
                problems={problems}
                columns={columns?.map(({ name }) => name)}
                onChange={change}
              />
            ),
        }
      }}
    />
  )
}
