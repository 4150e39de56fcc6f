import { Plus, Trash2 } from 'lucide-react'
import { Button } from '#ui/Button'
import { Field, Select } from '#ui/Field'
import { Menu } from '#ui/Menu'
import { problemAt, startingValue, type FieldProblem } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import type { QualityRule } from './draft.ts'
import type { RuleItem } from './pipeline-api.ts'
import { wordFor } from './pipeline-flow.ts'

const severities = [
  { value: 'warn', title: 'Count it, load the row' },
  { value: 'error', title: 'Keep the row in quarantine' },
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
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">Quality checks</legend>
      {rules.length === 0 && <p className="mb-3 text-13 text-ink-3">None: every row is loaded.</p>}
      <ol className="flex flex-col">
        {rules.map((rule, index) => {
          const { type, severity = 'error', ...settings } = rule
          const kind = kinds.find((candidate) => candidate.type === type)
          const place = `quality.${index}`
          const wrong = problemAt(problems, place) ?? problemAt(problems, `${place}.type`)
          return (
            <li key={index} className="border-t border-line py-4">
              <div className="mb-2 flex items-start justify-between gap-2">
                <div>
                  <h2 className="text-13 font-semibold">{kind?.title ?? wordFor(type)}</h2>
                  {kind !== undefined && <p className="text-12 text-ink-3">{kind.about}</p>}
                </div>
                <Button
                  tone="quiet"
                  label={`Remove check ${index + 1}`}
                  icon={<Trash2 size={14} />}
                  onClick={() => onChange(rules.toSpliced(index, 1))}
                />
              </div>
              {wrong !== undefined && <p className="mb-2 text-12 text-bad">{wrong}</p>}
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
            </li>
          )
        })}
      </ol>
      <Menu
        align="start"
        label="Quality checks"
        trigger={<Button icon={<Plus size={14} />}>Add a check</Button>}
        groups={[
          kinds.map((kind) => ({
            id: kind.type,
            title: kind.title,
            about: kind.about,
            onSelect: () =>
              onChange([
                ...rules,
                { type: kind.type, severity: 'error', ...(startingValue(kind.settings) as Partial<QualityRule>) },
              ]),
          })),
        ]}
      />
    </fieldset>
  )
}
