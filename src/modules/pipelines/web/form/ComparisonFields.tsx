import { useEffect, useState } from 'react'
import { Field, Select, TextInput, type ControlProps } from '#ui/Field'
import { problemAt, problemWithin, type FieldProblem } from '#ui/json-schema'
import { carriedValue, operators, takesOf, typedList, typedValue, valueText, type Comparison } from './conditions.ts'
import type { StepColumn } from './draft.ts'

/** A column, how it is compared, and with what. */
export function ComparisonFields({
  comparison,
  columns,
  place,
  problems,
  onChange,
}: {
  readonly comparison: Comparison
  readonly columns: readonly StepColumn[] | undefined
  readonly place: string
  readonly problems: readonly FieldProblem[]
  readonly onChange: (comparison: Comparison) => void
}) {
  const { field, operator, value } = comparison
  const type = columns?.find(({ name }) => name === field)?.type
  const takes = takesOf(operator)
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Field label="Column" error={problemAt(problems, `${place}.field`)}>
        {(props) => (
          <ColumnInput
            {...props}
            value={field}
            columns={columns}
            onChange={(name) => onChange({ ...comparison, field: name })}
          />
        )}
      </Field>
      <Field label="Condition" error={problemAt(problems, `${place}.operator`)}>
        {(props) => (
          <Select
            {...props}
            value={operator}
            options={operators}
            onChange={(next) => onChange({ field, operator: next, value: carriedValue(value, next) })}
          />
        )}
      </Field>
      {takes !== 'nothing' && (
        <Field
          label={takes === 'list' ? 'Values' : 'Value'}
          about={takes === 'list' ? 'With commas between them' : undefined}
          error={problemWithin(problems, `${place}.value`)}
        >
          {(props) =>
            takes === 'pair' ? (
              <PairInput
                {...props}
                value={value}
                onChange={(next) => onChange({ ...comparison, value: next })}
                type={type}
              />
            ) : (
              <ValueInput
                {...props}
                key={takes}
                value={value}
                type={takes === 'value' ? type : undefined}
                read={(text) => (takes === 'list' ? typedList(text, type, operator) : typedValue(text, type, operator))}
                onChange={(next) => onChange({ ...comparison, value: next })}
              />
            )
          }
        </Field>
      )}
    </div>
  )
}

function ColumnInput({
  value,
  columns,
  onChange,
  ...props
}: ControlProps & {
  readonly value: string
  readonly columns: readonly StepColumn[] | undefined
  readonly onChange: (name: string) => void
}) {
  if (columns === undefined) return <TextInput {...props} value={value} onChange={onChange} />
  const names = columns.map(({ name }) => name)
  return (
    <Select
      {...props}
      value={value}
      onChange={onChange}
      options={[
        ...(value === '' ? [{ value: '', title: 'Choose' }] : []),
        ...[...new Set([...(value === '' ? [] : [value]), ...names])].map((name) => ({ value: name, title: name })),
      ]}
    />
  )
}

/** What was typed stays as typed, whatever value it is read as. */
function ValueInput({
  value,
  type,
  read,
  onChange,
  ...props
}: ControlProps & {
  readonly 'aria-label'?: string
  readonly value: unknown
  readonly type: string | undefined
  readonly read: (text: string) => unknown
  readonly onChange: (value: unknown) => void
}) {
  const [text, setText] = useState(() => valueText(value))
  useEffect(() => {
    setText((typed) => (JSON.stringify(read(typed)) === JSON.stringify(value) ? typed : valueText(value)))
  }, [JSON.stringify(value)])
  if (type === 'boolean')
    return (
      <Select
        {...props}
        value={valueText(value)}
        options={[
          ...(value === undefined ? [{ value: '', title: 'Choose' }] : []),
          { value: 'true', title: 'true' },
          { value: 'false', title: 'false' },
        ]}
        onChange={(next) => onChange(read(next))}
      />
    )
  return (
    <TextInput
      {...props}
      value={text}
      onChange={(typed) => {
        setText(typed)
        onChange(read(typed))
      }}
    />
  )
}

function PairInput({
  value,
  type,
  onChange,
  id,
  ...props
}: ControlProps & {
  readonly value: unknown
  readonly type: string | undefined
  readonly onChange: (value: unknown) => void
}) {
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [value, undefined]
  const read = (text: string): unknown => typedValue(text, type, 'between')
  const put = (from: unknown, to: unknown): void =>
    onChange(from === undefined && to === undefined ? undefined : [from ?? '', to ?? ''])
  return (
    <span className="flex items-center gap-2">
      <ValueInput {...props} id={id} value={low} type={undefined} read={read} onChange={(next) => put(next, high)} />
      <span className="text-12 text-ink-3">and</span>
      <ValueInput
        id={`${id}-to`}
        aria-label="Up to"
        value={high}
        type={undefined}
        read={read}
        onChange={(next) => put(low, next)}
      />
    </span>
  )
}
