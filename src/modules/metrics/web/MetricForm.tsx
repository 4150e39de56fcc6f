import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { Checkbox, Field, Select, TextInput } from '#ui/Field'
import { problemAt } from '#ui/json-schema'
import { ButtonLink, Link } from '#ui/Link'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { request } from '#ui/request'
import { Snippet } from '#ui/Snippet'
import { toast } from '#ui/Toasts'
import { useGo, useUrlState } from '#ui/url-state'
import {
  blankDraft,
  codeFor,
  definitionOf,
  measureTypes,
  needsExpression,
  timeColumns,
  type DatasetChoice,
  type Draft,
} from './metric-draft.ts'

export function MetricForm() {
  const [url] = useUrlState()
  const datasets = useQuery({
    queryKey: ['datasets'],
    queryFn: async ({ signal }) =>
      (await request<{ items: readonly DatasetChoice[] }>('GET', '/api/v1/datasets', { query: { limit: 500 }, signal }))
        .items,
  })
  return (
    <Page>
      <PageHead
        title="Define a metric"
        above={
          <Link to="/metrics" className="hover:text-ink">
            Metrics
          </Link>
        }
        about="Say what is counted over which rows, and by which time. It is computed as rows arrive."
      />
      {datasets.isError ? (
        <Failure error={datasets.error} retry={() => void datasets.refetch()} />
      ) : datasets.data === undefined ? (
        <Skeleton className="h-96 w-full" />
      ) : datasets.data.length === 0 ? (
        <Empty
          title="A metric needs a dataset"
          action={
            <ButtonLink to="/datasets" tone="primary">
              See how to send rows
            </ButtonLink>
          }
        >
          <p>Send events or run a pipeline first; then define numbers over the rows.</p>
        </Empty>
      ) : (
        <DraftForm datasets={datasets.data} start={url['dataset']} />
      )}
    </Page>
  )
}

function DraftForm({
  datasets,
  start,
}: {
  readonly datasets: readonly DatasetChoice[]
  readonly start: string | undefined
}) {
  const [draft, setDraft] = useState<Draft>(() =>
    blankDraft(datasets.find(({ name }) => name === start) ?? datasets[0]!),
  )
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const queries = useQueryClient()
  const go = useGo()
  const dataset = datasets.find(({ name }) => name === draft.dataset)
  const definition = definitionOf(draft)
  const problems = error === undefined ? [] : asProblem(error).problems
  const at = (place: string): string | undefined => problemAt(problems, place)
  const set = (change: Partial<Draft>): void => setDraft((before) => ({ ...before, ...change }))
  const save = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await request('POST', '/api/v1/metrics', { body: definition })
      await queries.invalidateQueries({ queryKey: ['metrics'] })
      toast(`Metric ${definition.code} defined`)
      go(`/metrics/${definition.code}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const columns = dataset?.columns ?? []
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_380px]"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="grid content-start gap-5 sm:grid-cols-2">
        <Field label="Name" required error={at('name')}>
          {(props) => (
            <TextInput
              {...props}
              value={draft.name}
              placeholder="Net revenue"
              onChange={(name) => set({ name, ...(draft.codeTyped ? {} : { code: codeFor(name) }) })}
            />
          )}
        </Field>
        <Field label="Code" required error={at('code')} about="How other systems ask for it">
          {(props) => (
            <TextInput
              {...props}
              mono
              value={draft.code}
              placeholder="NET.REVENUE"
              onChange={(code) => set({ code, codeTyped: true })}
            />
          )}
        </Field>
        <Field label="Dataset" error={at('dataset')}>
          {(props) => (
            <Select
              {...props}
              value={draft.dataset}
              options={datasets.map(({ name }) => ({ value: name, title: name }))}
              onChange={(name) =>
                setDraft((before) => ({
                  ...blankDraft(datasets.find((one) => one.name === name)!),
                  name: before.name,
                  code: before.code,
                  codeTyped: before.codeTyped,
                }))
              }
            />
          )}
        </Field>
        <Field label="Time" error={at('time')} about="When a row happened">
          {(props) => (
            <Select
              {...props}
              value={draft.time}
              options={timeColumns(columns).map((name) => ({ value: name, title: name }))}
              onChange={(time) => set({ time })}
            />
          )}
        </Field>
        <Field label="Measure" error={at('measure.type') ?? at('measure')}>
          {(props) => (
            <Select {...props} value={draft.measure} options={measureTypes} onChange={(measure) => set({ measure })} />
          )}
        </Field>
        {needsExpression(draft.measure) && (
          <Field
            label={draft.measure === 'ratio' ? 'Of' : 'Expression'}
            required
            error={at('measure.expression')}
            about="A column, or arithmetic over columns"
          >
            {(props) => (
              <>
                <TextInput
                  {...props}
                  mono
                  list={`${props.id}-columns`}
                  value={draft.expression}
                  placeholder="amount"
                  onChange={(expression) => set({ expression })}
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
        {draft.measure === 'percentile' && (
          <Field label="Percentile" error={at('measure.p')}>
            {(props) => <TextInput {...props} type="number" value={draft.p} onChange={(p) => set({ p })} />}
          </Field>
        )}
        {draft.measure === 'ratio' && (
          <Field
            label="Share of rows where"
            required
            error={at('measure.numerator.filter')}
            about="Counted over all rows that count"
          >
            {(props) => (
              <TextInput
                {...props}
                mono
                value={draft.ratioFilter}
                placeholder="status = 'cancelled'"
                onChange={(ratioFilter) => set({ ratioFilter })}
              />
            )}
          </Field>
        )}
        <div className="sm:col-span-2">
          <Field label="Rows that count" error={at('filter')} about="Empty: every row">
            {(props) => (
              <TextInput
                {...props}
                mono
                value={draft.filter}
                placeholder="status != 'cancelled' and amount > 10"
                onChange={(filter) => set({ filter })}
              />
            )}
          </Field>
        </div>
        <fieldset className="sm:col-span-2">
          <legend className="mb-2 text-13 font-medium">Dimensions</legend>
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {columns
              .filter(({ name }) => !name.startsWith('_') && name !== draft.time)
              .map(({ name }) => (
                <Checkbox
                  key={name}
                  label={name}
                  checked={draft.dimensions.includes(name)}
                  onChange={(on) =>
                    set({
                      dimensions: on ? [...draft.dimensions, name] : draft.dimensions.filter((one) => one !== name),
                    })
                  }
                />
              ))}
          </div>
          {at('dimensions') !== undefined && <p className="mt-1 text-12 text-bad">{at('dimensions')}</p>}
        </fieldset>
        <Field label="Unit" error={at('unit')} about="EUR, %, orders">
          {(props) => <TextInput {...props} value={draft.unit} onChange={(unit) => set({ unit })} />}
        </Field>
        <Field label="Better when it goes">
          {(props) => (
            <Select
              {...props}
              value={draft.direction}
              options={[
                { value: '', title: 'Not said' },
                { value: 'up', title: 'Up' },
                { value: 'down', title: 'Down' },
              ]}
              onChange={(direction) => set({ direction })}
            />
          )}
        </Field>
      </div>
      <div className="flex min-w-0 flex-col gap-4 self-start lg:sticky lg:top-6">
        <Snippet label="The definition" code={JSON.stringify(definition, null, 2)} />
        {error !== undefined && <Failure error={error} compact />}
        <Button
          type="submit"
          tone="primary"
          busy={busy}
          disabled={draft.name.trim() === '' || draft.code === ''}
          className="self-start"
        >
          Define metric
        </Button>
      </div>
    </form>
  )
}
