import { useState } from 'react'
import { periodNames, type PeriodName } from '#core/period'
import { Field, Select, TextInput } from '#ui/Field'
import { problemWithin, type FieldProblem } from '#ui/json-schema'
import type { Draft } from './metric-draft.ts'

/** What the number is to reach, period by period: one is shown, the others are kept. */
export function TargetFields({
  draft,
  problems,
  onChange,
}: {
  readonly draft: Draft
  readonly problems: readonly FieldProblem[]
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const [period, setPeriod] = useState<PeriodName>(
    () => periodNames.find((name) => draft.targets[name] !== undefined) ?? 'day',
  )
  const others = periodNames.filter((name) => name !== period && (draft.targets[name] ?? '').trim() !== '')
  return (
    <Field
      label="Target"
      error={problemWithin(problems, 'target')}
      about={
        others.length === 0
          ? 'Drawn as a line in the chart of that period'
          : `Also set: ${others.map((name) => `${draft.targets[name]} a ${name}`).join(', ')}`
      }
    >
      {(props) => (
        <span className="grid grid-cols-2 gap-2">
          <TextInput
            {...props}
            type="number"
            value={draft.targets[period] ?? ''}
            onChange={(value) => onChange({ targets: { ...draft.targets, [period]: value } })}
          />
          <Select
            id={`${props.id}-period`}
            aria-label="Period of the target"
            value={period}
            options={periodNames.map((name) => ({ value: name, title: `a ${name}` }))}
            onChange={(name) => setPeriod(name as PeriodName)}
          />
        </span>
      )}
    </Field>
  )
}
