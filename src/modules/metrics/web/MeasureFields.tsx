import { Field, Select, TextInput } from '#ui/Field'
import { problemAt, problemWithin, type FieldProblem } from '#ui/json-schema'
import {
  measureTypes,
  needsExpression,
  partTypes,
  type DatasetChoice,
  type Draft,
  type PartDraft,
} from './metric-draft.ts'

interface Around {
  readonly columns: DatasetChoice['columns']
  readonly problems: readonly FieldProblem[]
}

/** What is computed over the rows: one measure, a share of them, or the ratio of two measures. */
export function MeasureFields({
  draft,
  onChange,
  ...around
}: Around & { readonly draft: Draft; readonly onChange: (change: Partial<Draft>) => void }) {
  const { measure, numerator, denominator } = draft
  const set = (change: Partial<PartDraft>): void => onChange({ measure: { ...measure, ...change } })
  return (
    <>
      <Field
        label="Measure"
        error={problemAt(around.problems, 'measure.type') ?? problemAt(around.problems, 'measure')}
      >
        {(props) => (
          <Select {...props} value={measure.type} options={measureTypes} onChange={(type) => set({ type })} />
        )}
      </Field>
      {measure.type === 'ratio' ? (
        <>
          <RatioPart
            title="Above"
            place="measure.numerator"
            part={numerator}
            {...around}
            onChange={(part) => onChange({ numerator: part })}
          />
          <RatioPart
            title="Below"
            place="measure.denominator"
            part={denominator}
            {...around}
            onChange={(part) => onChange({ denominator: part })}
          />
        </>
      ) : measure.type === 'share' ? (
        <Field
          label="Share of rows where"
          required
          error={problemWithin(around.problems, 'measure.numerator')}
          about="Counted over all rows that count"
        >
          {(props) => (
            <TextInput
              {...props}
              mono
              value={measure.filter}
              placeholder="status = 'cancelled'"
              onChange={(filter) => set({ filter })}
            />
          )}
        </Field>
      ) : (
        <WhatFields place="measure" part={measure} {...around} onChange={set} />
      )}
    </>
  )
}

function RatioPart({
  title,
  place,
  part,
  onChange,
  ...around
}: Around & {
  readonly title: string
  readonly place: string
  readonly part: PartDraft
  readonly onChange: (part: PartDraft) => void
}) {
  const set = (change: Partial<PartDraft>): void => onChange({ ...part, ...change })
  return (
    <fieldset className="grid gap-5 border-l-2 border-line pl-4 sm:col-span-2 sm:grid-cols-2">
      <legend className="sr-only">{title} the line</legend>
      <Field label={`${title} the line`} error={problemAt(around.problems, `${place}.type`)}>
        {(props) => <Select {...props} value={part.type} options={partTypes} onChange={(type) => set({ type })} />}
      </Field>
      <WhatFields place={place} part={part} {...around} onChange={set} />
      <Field
        label="Of rows where"
        error={problemWithin(around.problems, `${place}.filter`)}
        about="Empty: all that count"
      >
        {(props) => <TextInput {...props} mono value={part.filter} onChange={(filter) => set({ filter })} />}
      </Field>
    </fieldset>
  )
}

function WhatFields({
  place,
  part,
  columns,
  problems,
  onChange,
}: Around & {
  readonly place: string
  readonly part: PartDraft
  readonly onChange: (change: Partial<PartDraft>) => void
}) {
  return (
    <>
      {needsExpression(part.type) && (
        <Field
          label="Expression"
          required
          error={problemAt(problems, `${place}.expression`)}
          about="A column, or arithmetic over columns"
        >
          {(props) => (
            <>
              <TextInput
                {...props}
                mono
                list={`${props.id}-columns`}
                value={part.expression}
                placeholder="amount"
                onChange={(expression) => onChange({ expression })}
              />
              <datalist id={`${props.id}-columns`}>
                {columns.map(({ name }) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
      {part.type === 'percentile' && (
        <Field label="Percentile" error={problemAt(problems, `${place}.p`)}>
          {(props) => <TextInput {...props} type="number" value={part.p} onChange={(p) => onChange({ p })} />}
        </Field>
      )}
    </>
  )
}
