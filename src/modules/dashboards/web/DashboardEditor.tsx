import { Undo2 } from 'lucide-react'
import type { MetricDefinition } from '#core/metric'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { ConflictNotice } from '#ui/ConflictNotice'
import { LeaveGuard } from '#ui/LeaveGuard'
import { ButtonLink, Link } from '#ui/Link'
import { Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useShortcut } from '#ui/shortcuts'
import { ShownErrors } from '#ui/ShownErrors'
import { isStaleVersion } from '#ui/version-conflict'
import { AddTiles } from './AddTiles.tsx'
import type { Dashboard } from './dashboard-api.ts'
import { maxTiles, withTile } from './dashboard-draft.ts'
import { DashboardNameFields } from './DashboardNameFields.tsx'
import { EditTiles } from './EditTiles.tsx'
import { useDashboardDraft } from './use-dashboard-draft.ts'

/** The dashboard after saving, each tile with its actions; nothing is stored until it is saved. */
export function DashboardEditor({
  existing,
  metrics,
  onTakeNewer,
}: {
  readonly existing: Dashboard | undefined
  readonly metrics: readonly MetricDefinition[]
  readonly onTakeNewer: () => void
}) {
  const { draft, ready, busy, error, conflict, canUndo, change, undo, save, announcement, hasUnsaved } =
    useDashboardDraft(existing)
  const problems = error === undefined ? [] : asProblem(error).problems
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
            <Button tone="quiet" icon={<Undo2 size={14} />} disabled={!canUndo} onClick={undo}>
              Undo
            </Button>
            <ButtonLink to={existing === undefined ? '/dashboards' : `/dashboards/${existing.id}`}>Cancel</ButtonLink>
            <Button tone="primary" busy={busy} disabled={!ready} onClick={() => void save()}>
              Save dashboard
            </Button>
          </>
        }
      />
      <ShownErrors>
        <ConflictNotice
          className="mb-5"
          conflict={conflict}
          busy={busy}
          onTakeNewer={onTakeNewer}
          onSaveOver={(version) => void save(version)}
        />
        {error !== undefined && !isStaleVersion(error) && (
          <div className="mb-5">
            <Failure error={error} compact />
          </div>
        )}
        <DashboardNameFields draft={draft} isNew={existing === undefined} problems={problems} onChange={change} />
        <EditTiles draft={draft} metrics={metrics} problems={problems} onChange={change} />
      </ShownErrors>
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
        {announcement}
      </p>
      <LeaveGuard what="this dashboard" unsaved={hasUnsaved} />
    </Page>
  )
}
