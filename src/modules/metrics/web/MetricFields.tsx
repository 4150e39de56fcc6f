import type { MetricDefinition } from '#core/metric'
import { Checkbox, Field, Select, TextInput } from '#ui/Field'
import { problemAt, problemWithin, type FieldProblem } from '#ui/json-schema'
import { FieldError } from '#ui/ShownErrors'
import { MeaningFields } from './MeaningFields.tsx'
import { MeasureFields } from './MeasureFields.tsx'
import { codeFor, ontoDataset, timeColumns, type DatasetChoice, type Draft } from './metric-draft.ts'

/** Everything a definition says, field by field. */
export function MetricFields({
  draft,
  datasets,
  problems,
  before,
  onChange,
}: {
  readonly draft: Draft
  readonly datasets: readonly DatasetChoice[]
  readonly problems: readonly FieldProblem[]
  /** The metric that is changed; none while a new one is defined. */
  readonly before: MetricDefinition | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const dataset = datasets.find(({ name }) => name === draft.dataset)
  const columns = dataset?.columns ?? []
  const at = (place: string): string | undefined => problemAt(problems, place)
  const named = (names: readonly string[]) => names.map((name) => ({ value: name, title: name }))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-5 sm:grid-cols-2">
      <Field label="Name" required error={at('name')}>
        {(props) => (
          <TextInput
            {...props}
            value={draft.name}
            placeholder="Net revenue"
            onChange={(name) => onChange({ name, ...(draft.codeTyped ? {} : { code: codeFor(name) }) })}
          />
        )}
      </Field>
      {before !== undefined ? (
        <div className="flex flex-col gap-1">
          <p className="text-13 font-medium">Code</p>
          <p className="flex min-h-8 items-center font-mono text-12 wrap-anywhere max-md:min-h-11">{draft.code}</p>
          <p className="text-12 text-ink-3">A metric keeps its code</p>
        </div>
      ) : (
        <Field label="Code" required error={at('code')} about="How other systems ask for it">
          {(props) => (
            <TextInput
              {...props}
              mono
              value={draft.code}
              placeholder="NET.REVENUE"
              onChange={(code) => onChange({ code, codeTyped: true })}
            />
          )}
        </Field>
      )}
      <Field
        label="Dataset"
        error={at('dataset') ?? (dataset === undefined ? 'This dataset is not there any more' : undefined)}
      >
        {(props) => (
          <Select
            {...props}
            value={draft.dataset}
            options={named([...(dataset === undefined ? [draft.dataset] : []), ...datasets.map(({ name }) => name)])}
            onChange={(name) => {
              const chosen = datasets.find((one) => one.name === name)
              if (chosen !== undefined) onChange(ontoDataset(draft, chosen))
            }}
          />
        )}
      </Field>
      <Field
        label="Time"
        error={
          at('time') ?? (draft.time === '' ? 'This dataset has no column that says when a row happened' : undefined)
        }
        about="When a row happened"
      >
        {(props) => (
          <Select
            {...props}
            value={draft.time}
            options={named([...new Set([...(dataset === undefined ? [] : timeColumns(dataset)), draft.time])])}
            onChange={(time) => onChange({ time })}
          />
        )}
      </Field>
      <MeasureFields draft={draft} columns={columns} problems={problems} onChange={onChange} />
      <div className="sm:col-span-2">
        <Field label="Rows that count" error={problemWithin(problems, 'filter')} about="Empty: every row">
          {(props) => (
            <TextInput
              {...props}
              mono
              value={draft.filter}
              placeholder="status != 'cancelled' and amount > 10"
              onChange={(filter) => onChange({ filter })}
            />
          )}
        </Field>
      </div>
      <DimensionFields draft={draft} columns={columns} problems={problems} before={before} onChange={onChange} />
      <MeaningFields draft={draft} problems={problems} onChange={onChange} />
    </div>
  )
}

function DimensionFields({
  draft,
  columns,
  problems,
  before,
  onChange,
}: {
  readonly draft: Draft
  readonly columns: DatasetChoice['columns']
  readonly problems: readonly FieldProblem[]
  readonly before: MetricDefinition | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const wrong = problemWithin(problems, 'dimensions')
  const offered = columns.map(({ name }) => name).filter((name) => !name.startsWith('_') && name !== draft.time)
  const names = [...new Set([...offered, ...draft.dimensions])]
  // The same ones in another order would be computed anew for nothing.
  const choose = (dimensions: readonly string[]): void => {
    const same = before?.dimensions.toSorted().join() === dimensions.toSorted().join()
    onChange({ dimensions: same ? (before?.dimensions ?? []) : dimensions })
  }
  return (
    <fieldset className="min-w-0 sm:col-span-2">
      <legend className="mb-2 text-13 font-medium">Dimensions</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2 max-md:gap-y-4">
        {names.map((name) => (
          <Checkbox
            key={name}
            label={name}
            checked={draft.dimensions.includes(name)}
            onChange={(on) => choose(on ? [...draft.dimensions, name] : draft.dimensions.filter((one) => one !== name))}
          />
        ))}
      </div>
      <FieldError text={wrong} className="mt-1" />
    </fieldset>
  )
}
