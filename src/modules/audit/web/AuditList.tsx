import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from '#ui/Button'
import { Empty, Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { Table } from '#ui/Table'
import { Ago } from '#ui/Time'
import { useUrlState } from '#ui/url-state'
import { useNow } from '#ui/use-now'
import { auditQuery, type AuditEntry } from './audit-api.ts'
import { readAuditRange } from './audit-range.ts'
import { AuditEntryDialog } from './AuditEntryDialog.tsx'
import { AuditFilters } from './AuditFilters.tsx'
import { OutcomeStatus } from './OutcomeStatus.tsx'
import { subjectText } from './subject-text.ts'

/** Who changed what in the workspace, the latest first. */
export function AuditList() {
  const [url, changeUrl] = useUrlState()
  const now = useNow(60_000)
  const { unread, ...span } = readAuditRange(url, now, Intl.DateTimeFormat().resolvedOptions().timeZone)
  const filter = { actor: url['actor'], action: url['action'], subject: url['subject'], ...span }
  const entries = useInfiniteQuery({ ...auditQuery(filter), enabled: unread === undefined })
  const filtered = ['actor', 'action', 'subject', 'from', 'to'].some((name) => url[name] !== undefined)
  const clear = (): void =>
    changeUrl({ actor: undefined, action: undefined, subject: undefined, from: undefined, to: undefined })
  return (
    <Page>
      <PageHead
        title="Audit"
        about="Every operation that changes something: who requested it and how it ended, also when it was refused."
        actions={
          <Button busy={entries.isRefetching} onClick={() => void entries.refetch()}>
            Read again
          </Button>
        }
      />
      <AuditFilters unread={unread} />
      {entries.isError && entries.data === undefined ? (
        <Failure error={entries.error} retry={() => void entries.refetch()} />
      ) : (
        <Table
          label="Audit entries"
          tools={false}
          rows={unread === undefined ? entries.data?.pages.flatMap(({ items }) => items) : []}
          rowKey={({ sequence }) => String(sequence)}
          onOpen={({ sequence }) => changeUrl({ entry: String(sequence) }, { keep: true })}
          columns={columns}
          empty={
            filtered ? (
              <Empty title="No entry fits these filters" action={<Button onClick={clear}>Clear the filters</Button>}>
                <p>
                  The names and ids must be whole. An action is “pipelines.create”, or a module such as “pipelines”.
                </p>
              </Empty>
            ) : (
              <Empty title="No changes yet">
                <p>
                  When someone creates, changes or deletes a pipeline, a metric, a token or anything else, an entry is
                  listed here: who it was, what it was about, how it ended, and the state before and after.
                </p>
              </Empty>
            )
          }
        />
      )}
      {entries.hasNextPage && (
        <Button className="mt-4" busy={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          Show older entries
        </Button>
      )}
      {url['entry'] !== undefined && (
        <AuditEntryDialog sequence={Number(url['entry'])} onClose={() => changeUrl({ entry: undefined })} />
      )}
    </Page>
  )
}

const columns = [
  {
    id: 'at',
    title: 'When',
    sortable: false,
    value: (row: AuditEntry) => row.at,
    cell: (row: AuditEntry) => <Ago at={row.at} className="text-ink-2" />,
  },
  { id: 'actor', title: 'Who', grow: 2, sortable: false, value: (row: AuditEntry) => row.actor.name },
  {
    id: 'action',
    title: 'Action',
    grow: 2,
    sortable: false,
    value: (row: AuditEntry) => row.action,
    cell: (row: AuditEntry) => (
      <span>
        <code className="text-12">{row.action}</code>
        {row.times > 1 && <span className="figures text-ink-3"> × {row.times}</span>}
      </span>
    ),
  },
  { id: 'subject', title: 'Subject', grow: 3, sortable: false, value: (row: AuditEntry) => subjectText(row.subject) },
  {
    id: 'outcome',
    title: 'Outcome',
    sortable: false,
    value: (row: AuditEntry) => row.outcome,
    cell: (row: AuditEntry) => <OutcomeStatus outcome={row.outcome} />,
  },
]
