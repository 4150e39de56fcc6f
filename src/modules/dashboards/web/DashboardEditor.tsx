import { useQueryClient } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { MetricDefinition } from '#core/metric'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { Field, TextInput } from '#ui/Field'
import { problemAt } from '#ui/json-schema'
import { LeaveGuard } from '#ui/LeaveGuard'
import { ButtonLink, Link } from '#ui/Link'
import { Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useShortcut } from '#ui/shortcuts'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { AddTiles } from './AddTiles.tsx'
import { ask, type Dashboard } from './dashboard-api.ts'
import { blankDraft, definitionOf, draftOf, maxTiles, titled, withTile, type Draft } from './dashboard-draft.ts'
import { EditTiles } from './EditTiles.tsx'
import { changed, historyOf, undone } from './history.ts'

/** The dashboard as it will stand, each tile with what can be done to it; nothing is kept until it is saved. */
export function DashboardEditor({
  existing,
  metrics,
}: {
  readonly existing: Dashboard | undefined
  readonly metrics: readonly MetricDefinition[]
}) {
  const [start] = useState<Draft>(() => (existing === undefined ? blankDraft : draftOf(existing)))
  const [history, setHistory] = useState(() => historyOf(start))
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const saved = useRef(false)
  const queries = useQueryClient()
  const go = useGo()
  const draft = history.now
  const definition = definitionOf(draft)
  const touched = JSON.stringify(definition) !== JSON.stringify(definitionOf(start))
  const ready = draft.title.trim() !== '' && draft.name !== '' && (touched || existing === undefined)
  const problems = error === undefined ? [] : asProblem(error).problems
  const back = existing === undefined ? '/dashboards' : `/dashboards/${existing.id}`
  const change = (next: Draft, what: string, words = ''): void => {
    setHistory((before) => changed(before, next, what))
    setSaid(words)
  }
  const undo = (): void => {
    setHistory(undone)
    setSaid('Taken back')
  }
  const save = async (): Promise<void> => {
    if (!ready || busy) return
    setBusy(true)
    setError(undefined)
    try {
      const kept = await (existing === undefined
        ? ask('POST /api/v1/dashboards', { body: definition })
        : ask('PUT /api/v1/dashboards/{id}', { params: { id: existing.id }, body: definition }))
      saved.current = true
      queries.setQueryData(['dashboards', kept.id], kept)
      void queries.invalidateQueries({ queryKey: ['dashboards'] })
      toast(`Dashboard ${kept.title} saved`)
      go(`/dashboards/${kept.id}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  useShortcut('mod+z', 'Take the last change back', undo)
  useShortcut('mod+s', 'Save the dashboard', () => void save())
  return (
    <Page wide>
      <PageHead
        title={existing === undefined ? 'Make a dashboard' : `Edit ${existing.title}`}
        above={
          <Link to="/dashboards" className="hover:text-ink">
            Dashboards
          </Link>
        }
        actions={
          <>
            <Button tone="quiet" icon={<Undo2 size={14} />} disabled={history.before.length === 0} onClick={undo}>
              Undo
            </Button>
            <ButtonLink to={back}>Cancel</ButtonLink>
            <Button tone="primary" busy={busy} disabled={!ready} onClick={() => void save()}>
              Save dashboard
            </Button>
          </>
        }
      />
      {error !== undefined && (
        <div className="mb-5">
          <Failure error={error} compact />
        </div>
      )}
      <div className="mb-5 grid max-w-[720px] gap-5 sm:grid-cols-2">
        <Field label="Title" required error={problemAt(problems, 'title')}>
          {(props) => (
            <TextInput
              {...props}
              value={draft.title}
              placeholder="Sales, live"
              onChange={(title) => change(titled(draft, title), 'type title')}
            />
          )}
        </Field>
        {existing === undefined && (
          <Field label="Name" required error={problemAt(problems, 'name')} about="How programs ask for it">
            {(props) => (
              <TextInput
                {...props}
                mono
                value={draft.name}
                placeholder="sales-live"
                onChange={(name) => change({ ...draft, name, nameTyped: true }, 'type name')}
              />
            )}
          </Field>
        )}
      </div>
      <EditTiles draft={draft} metrics={metrics} problems={problems} onChange={change} />
      <AddTiles
        metrics={metrics}
        tileCounts={
          new Map([...Map.groupBy(draft.tiles, ({ tile }) => tile.metric)].map(([code, all]) => [code, all.length]))
        }
        full={draft.tiles.length >= maxTiles}
        onAdd={({ code, name }) =>
          change(withTile(draft, code), `add ${draft.tiles.length}`, `${name} added at the end`)
        }
      />
      <p role="status" className="sr-only">
        {said}
      </p>
      <LeaveGuard what="this dashboard" unsaved={() => touched && !saved.current} />
    </Page>
  )
}
