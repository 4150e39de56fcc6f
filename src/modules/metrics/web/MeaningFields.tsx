import { Field, Select, TextArea, TextInput } from '#ui/Field'
import { problemAt, type FieldProblem } from '#ui/json-schema'
import type { Draft } from './metric-draft.ts'
import { TargetFields } from './TargetFields.tsx'

/** How the number is read: its unit, which way is better, what it is to reach, and when it is final. */
export function MeaningFields({
  draft,
  problems,
  onChange,
}: {
  readonly draft: Draft
  readonly problems: readonly FieldProblem[]
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const at = (place: string): string | undefined => problemAt(problems, place)
  return (
    <>
      <Field label="Unit" error={at('unit')} about="EUR, %, orders">
        {(props) => <TextInput {...props} value={draft.unit} onChange={(unit) => onChange({ unit })} />}
      </Field>
      <Field label="Better when it goes" error={at('direction')}>
        {(props) => (
          <Select
            {...props}
            value={draft.direction}
            options={[
              { value: '', title: 'Not said' },
              { value: 'up', title: 'Up' },
              { value: 'down', title: 'Down' },
            ]}
            onChange={(direction) => onChange({ direction })}
          />
        )}
      </Field>
      <TargetFields draft={draft} problems={problems} onChange={onChange} />
      <Field label="Final after" error={at('lateness')} about="How late rows may come: 90s, 15m, 1h, 2d">
        {(props) => (
          <TextInput
            {...props}
            value={draft.lateness}
            placeholder="0s"
            onChange={(lateness) => onChange({ lateness })}
          />
        )}
      </Field>
      <div className="sm:col-span-2">
        <Field label="Description" error={at('description')} about="What it means, for those who read it">
          {(props) => (
            <TextArea
              {...props}
              rows={2}
              value={draft.description}
              onChange={(description) => onChange({ description })}
            />
          )}
        </Field>
      </div>
    </>
  )
}
