import { Plus, X } from 'lucide-react'
import { Button } from '#ui/Button'
import { Select } from '#ui/Field'
import type { FieldProblem } from '#ui/json-schema'
import { blankComparison, configOf, type Comparison, type Conditions } from './conditions.ts'
import type { StepColumn } from './draft.ts'
import { ComparisonFields } from './ComparisonFields.tsx'

/** Which rows a filter keeps, as comparisons of columns in words; anything else is written as an expression. */
export function FilterFields({
  conditions,
  columns,
  place,
  problems,
  onChange,
}: {
  readonly conditions: Conditions
  readonly columns: readonly StepColumn[] | undefined
  readonly place: string
  readonly problems: readonly FieldProblem[]
  readonly onChange: (config: Record<string, unknown>) => void
}) {
  const { join, comparisons } = conditions
  const several = comparisons.length > 1
  const put = (next: readonly Comparison[]): void => onChange(configOf({ join, comparisons: next }))
  return (
    <div className="flex flex-col gap-3">
      {several && (
        <div className="sm:w-1/2">
          <Select
            id={`${place}-join`}
            aria-label="Rows are kept when"
            value={join}
            options={[
              { value: 'and', title: 'Keep rows when all of these hold' },
              { value: 'or', title: 'Keep rows when one of these holds' },
            ]}
            onChange={(next) => onChange(configOf({ join: next as Conditions['join'], comparisons }))}
          />
        </div>
      )}
      {comparisons.map((comparison, index) => (
        <div key={index} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <ComparisonFields
              comparison={comparison}
              columns={columns}
              place={several ? `${place}.${join}.${index}` : place}
              problems={problems}
              onChange={(next) => put(comparisons.with(index, next))}
            />
          </div>
          {several && (
            <Button
              tone="quiet"
              className="mt-6"
              label={`Remove condition ${index + 1}`}
              icon={<X size={14} />}
              onClick={() => put(comparisons.toSpliced(index, 1))}
            />
          )}
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button tone="quiet" icon={<Plus size={14} />} onClick={() => put([...comparisons, blankComparison])}>
          Add a condition
        </Button>
        <Button tone="quiet" onClick={() => onChange({ expression: '' })}>
          Write an expression instead
        </Button>
      </div>
    </div>
  )
}
