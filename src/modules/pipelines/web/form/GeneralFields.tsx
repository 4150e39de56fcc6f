import { Field, Select, TextInput } from '#ui/Field'
import { problemAt, type FieldProblem } from '#ui/json-schema'
import type { Draft } from './draft.ts'
import { ScheduleFields } from './ScheduleFields.tsx'

/** Its name, and when it runs. */
export function GeneralFields({
  draft,
  nextRuns,
  problems,
  onChange,
}: {
  readonly draft: Draft
  readonly nextRuns: readonly string[]
  readonly problems: readonly FieldProblem[]
  readonly onChange: (change: Partial<Draft>) => void
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Name" required error={problemAt(problems, 'name')}>
        {(props) => (
          <TextInput
            {...props}
            value={draft.name}
            placeholder="Active customers"
            onChange={(name) => onChange({ name })}
          />
        )}
      </Field>
      <Field label="Runs" error={problemAt(problems, 'type')}>
        {(props) => (
          <Select
            {...props}
            value={draft.type}
            onChange={(type) =>
              onChange({ type: type as Draft['type'], ...(type === 'streaming' ? { schedule: undefined } : {}) })
            }
            options={[
              { value: 'batch', title: 'Batch, when asked or on a schedule' },
              { value: 'streaming', title: 'Streaming, all the time' },
            ]}
          />
        )}
      </Field>
      {draft.type === 'batch' && (
        <ScheduleFields
          schedule={draft.schedule}
          nextRuns={nextRuns}
          problems={problems}
          onChange={(schedule) => onChange({ schedule })}
        />
      )}
    </div>
  )
}
