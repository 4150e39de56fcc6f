import { Field, Select } from '#ui/Field'
import { problemAt, startingValue, type FieldProblem } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import type { RuleItem } from '../pipeline-api.ts'
import { wordFor } from '../pipeline-flow.ts'
import type { QualityRule } from './draft.ts'
import { ItemList } from './ItemList.tsx'

const severities = [
  { value: 'warn', title: 'Count it, load the row' },
  { value: 'error', title: 'Reject the row, keep it in quarantine' },
  { value: 'fail', title: 'Stop the run' },
]

/** The checks of the rows before they are loaded. */
export function QualityEditor({
  rules,
  kinds,
  problems,
  columns,
  onChange,
}: {
  readonly rules: readonly QualityRule[]
  readonly kinds: readonly RuleItem[]
  readonly problems: readonly FieldProblem[]
  readonly columns: readonly string[] | undefined
  readonly onChange: (rules: readonly QualityRule[]) => void
}) {
  const add = (type: string): void => {
    const settings = startingValue(kinds.find((kind) => kind.type === type)?.settings ?? {}) as Partial<QualityRule>
    onChange([...rules, { type, severity: 'error', ...settings }])
  }
  return (
    <ItemList
      title="Quality checks"
      noun="check"
      none="None: every row is loaded."
      items={rules}
      kinds={kinds}
      onAdd={add}
      onChange={onChange}
      show={(rule, index) => {
        const { type, severity = 'error', ...settings } = rule
        const kind = kinds.find((candidate) => candidate.type === type)
        const place = `quality.${index}`
        return {
          title: kind?.title ?? wordFor(type),
          about: kind?.about,
          error: problemAt(problems, place) ?? problemAt(problems, `${place}.type`),
          body: (
            <>
              {kind === undefined ? (
                <p className="mb-3 text-12 text-ink-3">Its settings are in the code view.</p>
              ) : (
                <SchemaForm
                  schema={kind.settings}
                  example={kind.example}
                  value={settings}
                  place={place}
                  problems={problems}
                  columns={columns}
                  onChange={(next) => onChange(rules.with(index, { type, severity, ...next }))}
                />
              )}
              <div className="mt-3 sm:w-1/2">
                <Field label="When a row breaks it" error={problemAt(problems, `${place}.severity`)}>
                  {(props) => (
                    <Select
                      {...props}
                      value={severity}
                      options={severities}
                      onChange={(next) => onChange(rules.with(index, { ...rule, severity: next }))}
                    />
                  )}
                </Field>
              </div>
            </>
          ),
        }
      }}
    />
  )
}
