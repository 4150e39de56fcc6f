import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { ConflictNotice } from '#ui/ConflictNotice'
import { LeaveGuard } from '#ui/LeaveGuard'
import { ButtonLink } from '#ui/Link'
import { Failure } from '#ui/Nothing'
import { ShownErrors } from '#ui/ShownErrors'
import { Snippet } from '#ui/Snippet'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { useConflict, type Conflict } from '#ui/use-conflict'
import { useInvalidFocus } from '#ui/use-invalid-focus'
import { isStaleVersion } from '#ui/version-conflict'
import type { Metric } from '../contract.ts'
import { changesBetween, titleOfPlace, type DefinitionLike } from './definition-lines.ts'
import { readVersions, saveMetric } from './metric-api.ts'
import { definitionOf, type DatasetChoice, type Draft } from './metric-draft.ts'
import { MetricChanges } from './MetricChanges.tsx'
import { MetricFields } from './MetricFields.tsx'

export function MetricDraftForm({
  datasets,
  start,
  existing,
  onTakeNewer,
}: {
  readonly datasets: readonly DatasetChoice[]
  readonly start: Draft
  /** The metric that is changed; none while a new one is defined. */
  readonly existing: Metric | undefined
  readonly onTakeNewer: () => void
}) {
  const [draft, setDraft] = useState(start)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const saved = useRef(false)
  const form = useInvalidFocus(error)
  const queries = useQueryClient()
  const go = useGo()
  const definition = definitionOf(draft)
  const conflict = useConflict(
    existing && {
      kind: 'metric',
      id: existing.code,
      version: existing.version,
      history: (signal) => readVersions(existing.code, signal),
      titleOf: titleOfPlace,
    },
    error,
  )
  const touched = existing === undefined ? draft.name !== '' : changesBetween(existing, definition).length > 0
  const save = async (version?: number): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await saveMetric(definition, existing && { code: existing.code, version: version ?? existing.version })
      saved.current = true
      // The new definition must never show numbers of the old one, not even until it is read again.
      queries.removeQueries({ queryKey: ['metrics', definition.code, 'values'] })
      await queries.invalidateQueries({ queryKey: ['metrics'] })
      toast(existing === undefined ? `Metric ${definition.code} defined` : `Metric ${definition.code} changed`)
      go(`/metrics/${definition.code}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <ShownErrors>
      <form
        ref={form}
        className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_380px]"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <ConflictNotice
          className="col-span-full"
          conflict={conflict}
          busy={busy}
          onTakeNewer={onTakeNewer}
          onSaveOver={(newer) => void save(newer)}
        />
        <MetricFields
          draft={draft}
          datasets={datasets}
          problems={error === undefined ? [] : asProblem(error).problems}
          before={existing}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        <div className="flex min-w-0 flex-col gap-4 self-start lg:sticky lg:top-6">
          {existing === undefined ? (
            <Snippet label="The definition" code={JSON.stringify(definition, null, 2)} />
          ) : (
            <MetricChanges after={definition} {...baseOf(existing, conflict)} />
          )}
          {error !== undefined && !isStaleVersion(error) && <Failure error={error} compact />}
          <div className="flex gap-2">
            <Button
              type="submit"
              tone="primary"
              busy={busy}
              disabled={
                draft.name.trim() === '' ||
                draft.code === '' ||
                (existing !== undefined && !touched) ||
                conflict !== undefined
              }
            >
              {existing === undefined ? 'Define metric' : 'Save changes'}
            </Button>
            {existing !== undefined && <ButtonLink to={`/metrics/${existing.code}`}>Cancel</ButtonLink>}
          </div>
        </div>
        <LeaveGuard what="this metric" unsaved={() => touched && !saved.current} />
      </form>
    </ShownErrors>
  )
}

/** What a change would be a change of: after somebody else saved a newer version, that one, once it is read. */
function baseOf(existing: Metric, conflict: Conflict | undefined) {
  if (conflict === undefined) return { before: existing }
  return { before: conflict.newest?.definition as DefinitionLike | undefined, over: conflict.newest?.version }
}
