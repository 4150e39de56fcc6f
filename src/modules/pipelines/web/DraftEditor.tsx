import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { Field, Select, TextInput } from '#ui/Field'
import { placeOf, problemAt } from '#ui/json-schema'
import { Failure } from '#ui/Nothing'
import { Segments } from '#ui/Segments'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { CodeView } from './CodeView.tsx'
import { EndEditor } from './EndEditor.tsx'
import { PreviewPane } from './PreviewPane.tsx'
import { QualityEditor } from './QualityEditor.tsx'
import { StepsEditor } from './StepsEditor.tsx'
import { bodyOf, isStarted, valueAt, type Draft } from './draft.ts'
import { act, type ConnectorItem, type RuleItem, type TransformationItem } from './pipeline-api.ts'
import { useCheckedDraft } from './use-checked-draft.ts'

export function DraftEditor({
  id,
  start,
  connectors,
  transformations,
  rules,
}: {
  readonly id: string | undefined
  readonly start: Draft
  readonly connectors: readonly ConnectorItem[]
  readonly transformations: readonly TransformationItem[]
  readonly rules: readonly RuleItem[]
}) {
  const [draft, setDraft] = useState(start)
  const [view, setView] = useState<'form' | 'code'>('form')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const checked = useCheckedDraft(draft, id)
  const queries = useQueryClient()
  const go = useGo()
  // What was not filled in yet is told in the preview; at its field only once somebody tried to save.
  const problems =
    error === undefined
      ? checked.problems.filter(({ at }) => valueAt(draft, placeOf(at)) !== undefined)
      : [...checked.problems, ...asProblem(error).problems]
  const set = (change: Partial<Draft>): void => {
    setError(undefined)
    setDraft((before) => ({ ...before, ...change }))
  }
  const save = async (run: boolean): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const saved = await (id === undefined ? act.create(bodyOf(draft)) : act.replace(id, bodyOf(draft)))
      if (run) await act.run(saved.id)
      await queries.invalidateQueries({ queryKey: ['pipelines'] })
      toast(run ? `${saved.name} started` : `Pipeline ${saved.name} saved`)
      go(`/pipelines/${saved.id}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const columnsBefore = (step: number): readonly string[] | undefined =>
    checked.preview?.steps[step]?.columns.map(({ name }) => name)
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)]"
      onSubmit={(event) => {
        event.preventDefault()
        void save(draft.type === 'batch')
      }}
    >
      <div className="min-w-0">
        <div className="mb-5 flex items-center justify-between">
          <Segments
            label="View"
            value={view}
            onChange={setView}
            options={[
              { value: 'form', title: 'Form' },
              { value: 'code', title: 'Code' },
            ]}
          />
        </div>
        {view === 'code' ? (
          <CodeView draft={draft} onChange={setDraft} problems={problems} />
        ) : (
          <div className="flex flex-col gap-8">
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label="Name" required error={problemAt(problems, 'name')}>
                {(props) => (
                  <TextInput
                    {...props}
                    value={draft.name}
                    placeholder="Active customers"
                    onChange={(name) => set({ name })}
                  />
                )}
              </Field>
              <Field label="Runs" error={problemAt(problems, 'type')}>
                {(props) => (
                  <Select
                    {...props}
                    value={draft.type}
                    onChange={(type) =>
                      set({ type: type as Draft['type'], ...(type === 'streaming' ? { schedule: undefined } : {}) })
                    }
                    options={[
                      { value: 'batch', title: 'Batch, when asked or on a schedule' },
                      { value: 'streaming', title: 'Streaming, all the time' },
                    ]}
                  />
                )}
              </Field>
              {draft.type === 'batch' && (
                <Field
                  label="Schedule"
                  about="Cron in UTC, such as 0 */6 * * *. Empty: only when asked."
                  error={problemAt(problems, 'schedule')}
                >
                  {(props) => (
                    <TextInput
                      {...props}
                      mono
                      value={
                        typeof draft.schedule === 'string'
                          ? draft.schedule
                          : draft.schedule === undefined
                            ? ''
                            : JSON.stringify(draft.schedule)
                      }
                      placeholder="0 */6 * * *"
                      onChange={(schedule) => set({ schedule })}
                    />
                  )}
                </Field>
              )}
            </div>
            <EndEditor
              side="source"
              part={draft.source}
              streaming={draft.type === 'streaming'}
              connectors={connectors}
              problems={problems}
              onChange={(source) => set({ source })}
            />
            <StepsEditor
              steps={draft.transformations}
              kinds={transformations}
              problems={problems}
              columnsBefore={columnsBefore}
              onChange={(next) => set({ transformations: next })}
            />
            <QualityEditor
              rules={draft.quality ?? []}
              kinds={rules}
              problems={problems}
              columns={columnsBefore(draft.transformations.length)}
              onChange={(quality) => set({ quality: quality.length === 0 ? undefined : quality })}
            />
            <EndEditor
              side="destination"
              part={draft.destination}
              streaming={draft.type === 'streaming'}
              connectors={connectors}
              problems={problems}
              columns={columnsBefore(draft.transformations.length)}
              onChange={(destination) => set({ destination })}
            />
          </div>
        )}
        {error !== undefined && (
          <div className="mt-6">
            <Failure error={error} compact />
          </div>
        )}
        <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-5">
          <Button type="submit" tone="primary" busy={busy} disabled={!isStarted(draft) || draft.name.trim() === ''}>
            {id === undefined
              ? draft.type === 'batch'
                ? 'Create and run'
                : 'Create pipeline'
              : draft.type === 'batch'
                ? 'Save and run'
                : 'Save pipeline'}
          </Button>
          {draft.type === 'batch' && (
            <Button
              busy={busy}
              disabled={!isStarted(draft) || draft.name.trim() === ''}
              onClick={() => void save(false)}
            >
              {id === undefined ? 'Create without running' : 'Save'}
            </Button>
          )}
        </div>
      </div>
      <PreviewPane draft={draft} checked={checked} />
    </form>
  )
}
