import { useState } from 'react'
import { Button } from '#ui/Button'
import { ConflictNotice } from '#ui/ConflictNotice'
import { Failure } from '#ui/Nothing'
import { errorWithFieldTitles } from '#ui/place-title'
import { Segments } from '#ui/Segments'
import { ShownErrors } from '#ui/ShownErrors'
import { useConflict } from '#ui/use-conflict'
import { useInvalidFocus } from '#ui/use-invalid-focus'
import { isStaleVersion } from '#ui/version-conflict'
import {
  readVersions,
  type ConnectorItem,
  type Pipeline,
  type RuleItem,
  type TransformationItem,
} from '../pipeline-api.ts'
import { CodeView } from './CodeView.tsx'
import { DestinationEditor } from './DestinationEditor.tsx'
import type { Draft, StepColumn } from './draft.ts'
import { titledProblem, titleOfPlace } from './field-titles.ts'
import { GeneralFields } from './GeneralFields.tsx'
import { PreviewPane } from './PreviewPane.tsx'
import { QualityEditor } from './QualityEditor.tsx'
import { SaveButtons } from './SaveButtons.tsx'
import { SourceEditor } from './SourceEditor.tsx'
import { StepsEditor } from './StepsEditor.tsx'
import { useDraft } from './use-draft.ts'
import type { LeftDraft } from './use-left-draft.ts'

export interface Kinds {
  readonly connectors: readonly ConnectorItem[]
  readonly transformations: readonly TransformationItem[]
  readonly rules: readonly RuleItem[]
}

/** A pipeline as a form or as code, with what it does to a sample beside it. */
export function DraftEditor({
  existing,
  left,
  kinds,
  onDiscard,
}: {
  /** The pipeline that is changed; none while a new one is made. */
  readonly existing: Pipeline | undefined
  readonly left: LeftDraft
  readonly kinds: Kinds
  /** Goes back to what is saved, as it is by now. */
  readonly onDiscard: () => void
}) {
  const [view, setView] = useState<'form' | 'code'>('form')
  const { draft, set, checked, problems, error, busy, save, saveOver, version } = useDraft(existing, left)
  const id = existing?.id
  const titled = titledProblem(draft, kinds.connectors)
  const conflict = useConflict(
    existing === undefined || version === undefined
      ? undefined
      : {
          kind: 'pipeline',
          id: existing.id,
          version,
          history: (signal: AbortSignal) => readVersions(existing.id, signal),
          titleOf: titleOfPlace(existing, kinds.connectors),
        },
    error,
    version !== existing?.version,
  )
  const form = useInvalidFocus(error)
  return (
    <ShownErrors>
      <form
        ref={form}
        className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)]"
        onSubmit={(event) => {
          event.preventDefault()
          void save({ run: draft.type === 'batch' })
        }}
      >
        <ConflictNotice
          className="col-span-full"
          conflict={conflict}
          busy={busy}
          onTakeNewer={onDiscard}
          onSaveOver={(newer) => void saveOver(newer)}
        />
        <div className="min-w-0">
          {left.kept !== undefined && left.made['connection'] === undefined && (
            <p role="status" className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-ink-2">
              These are the changes you left without saving.
              <Button onClick={onDiscard}>Discard them</Button>
            </p>
          )}
          <div className="mb-5">
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
            <CodeView draft={draft} onChange={set} />
          ) : (
            <DraftFields
              draft={draft}
              id={id}
              kinds={kinds}
              problems={problems.map(titled)}
              nextRuns={checked.nextRuns}
              columnsBefore={checked.columnsBefore}
              onChange={set}
            />
          )}
          {error !== undefined && !isStaleVersion(error) && (
            <div className="mt-6">
              <Failure error={errorWithFieldTitles(error, titled)} compact />
            </div>
          )}
          <SaveButtons
            draft={draft}
            isNew={id === undefined}
            busy={busy}
            blocked={conflict !== undefined}
            onSave={() => void save({ run: false })}
          />
        </div>
        <PreviewPane draft={draft} checked={checked} />
      </form>
    </ShownErrors>
  )
}

function DraftFields({
  draft,
  id,
  kinds,
  problems,
  nextRuns,
  columnsBefore,
  onChange,
}: {
  readonly draft: Draft
  readonly id: string | undefined
  readonly kinds: Kinds
  readonly problems: Parameters<typeof SourceEditor>[0]['problems']
  readonly nextRuns: readonly string[]
  readonly columnsBefore: (step: number) => readonly StepColumn[] | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const last = columnsBefore(draft.transformations.length)?.map(({ name }) => name)
  return (
    <div className="flex flex-col gap-8">
      <GeneralFields draft={draft} nextRuns={nextRuns} problems={problems} onChange={onChange} />
      <SourceEditor
        draft={draft}
        id={id}
        connectors={kinds.connectors}
        problems={problems}
        columns={columnsBefore(0)}
        onChange={onChange}
      />
      <StepsEditor
        steps={draft.transformations}
        kinds={kinds.transformations}
        problems={problems}
        columnsBefore={columnsBefore}
        onChange={(transformations) => onChange({ transformations })}
      />
      <QualityEditor
        rules={draft.quality ?? []}
        kinds={kinds.rules}
        problems={problems}
        columns={last}
        onChange={(quality) => onChange({ quality: quality.length === 0 ? undefined : quality })}
      />
      <DestinationEditor
        draft={draft}
        id={id}
        connectors={kinds.connectors}
        problems={problems}
        columns={last}
        onChange={(destination) => onChange({ destination })}
      />
    </div>
  )
}
