import { useState } from 'react'
import { Button } from '#ui/Button'
import { Failure } from '#ui/Nothing'
import { Segments } from '#ui/Segments'
import { ShownErrors } from '#ui/ShownErrors'
import { useInvalidFocus } from '#ui/use-invalid-focus'
import type { ConnectorItem, RuleItem, TransformationItem } from '../pipeline-api.ts'
import { CodeView } from './CodeView.tsx'
import { DestinationEditor } from './DestinationEditor.tsx'
import type { Draft, StepColumn } from './draft.ts'
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
  id,
  saved,
  left,
  kinds,
}: {
  readonly id: string | undefined
  readonly saved: Draft
  readonly left: LeftDraft
  readonly kinds: Kinds
}) {
  const [view, setView] = useState<'form' | 'code'>('form')
  const { draft, set, checked, problems, error, busy, save } = useDraft(id, saved, left)
  const form = useInvalidFocus(error)
  return (
    <ShownErrors>
      <form
        ref={form}
        className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)]"
        onSubmit={(event) => {
          event.preventDefault()
          void save(draft.type === 'batch')
        }}
      >
        <div className="min-w-0">
          {left.draft !== undefined && left.made['connection'] === undefined && (
            <p role="status" className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-ink-2">
              These are the changes you left without saving.
              <Button onClick={left.discard}>Discard them</Button>
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
              problems={problems}
              nextRuns={checked.nextRuns}
              columnsBefore={checked.columnsBefore}
              onChange={set}
            />
          )}
          {error !== undefined && (
            <div className="mt-6">
              <Failure error={error} compact />
            </div>
          )}
          <SaveButtons draft={draft} isNew={id === undefined} busy={busy} onSave={() => void save(false)} />
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
