import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from '#ui/Button'
import { Empty, Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { Table } from '#ui/Table'
import { Ago } from '#ui/Time'
import { parkedQuery, type ParkedItem } from './event-api.ts'
import { RetryEvent } from './RetryEvent.tsx'

/** The events that a module could not handle yet. */
export function ParkedList() {
  const events = useInfiniteQuery({ ...parkedQuery(), refetchOnWindowFocus: 'always' })
  return (
    <Page>
      <PageHead
        title="Parked events"
        about="Changes that a part of Millrace could not handle yet. It tries again by itself, at most 15 minutes later."
        actions={
          <Button busy={events.isRefetching && !events.isFetchingNextPage} onClick={() => void events.refetch()}>
            Read again
          </Button>
        }
      />
      {events.isError && events.data === undefined ? (
        <Failure error={events.error} retry={() => void events.refetch()} />
      ) : (
        <Table
          label="Parked events"
          tools={false}
          rows={events.data?.pages.flatMap(({ items }) => items)}
          rowKey={({ module, id }) => `${module} ${id}`}
          columns={columns}
          empty={
            <Empty title="No parked events">
              <p>
                Every change was taken up by all parts of Millrace that it concerns. When one fails to do so, the event
                is listed here with the reason.
              </p>
            </Empty>
          }
        />
      )}
      {events.hasNextPage && (
        <Button className="mt-4" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          Show older events
        </Button>
      )}
    </Page>
  )
}

const columns = [
  {
    id: 'name',
    title: 'Event',
    grow: 2,
    sortable: false,
    value: (row: ParkedItem) => row.name,
    cell: (row: ParkedItem) => <code className="text-12">{row.name}</code>,
  },
  {
    id: 'subject',
    title: 'About',
    grow: 2,
    sortable: false,
    value: (row: ParkedItem) => `${row.subject.kind} ${row.subject.name ?? row.subject.id}`,
  },
  { id: 'module', title: 'Handled by', sortable: false, value: (row: ParkedItem) => row.module },
  {
    id: 'error',
    title: 'Reason',
    grow: 4,
    sortable: false,
    value: (row: ParkedItem) => reasonOf(row),
    cell: (row: ParkedItem) => (
      <span title={reasonOf(row)} className={row.error === null ? 'text-ink-3' : undefined}>
        {reasonOf(row)}
      </span>
    ),
  },
  {
    id: 'attempts',
    title: 'Attempts',
    align: 'right' as const,
    sortable: false,
    value: (row: ParkedItem) => row.attempts,
  },
  {
    id: 'at',
    title: 'Happened',
    align: 'right' as const,
    sortable: false,
    value: (row: ParkedItem) => row.at,
    cell: (row: ParkedItem) => <Ago at={row.at} className="text-ink-2" />,
  },
  {
    id: 'act',
    title: '',
    align: 'right' as const,
    sortable: false,
    value: () => null,
    cell: (row: ParkedItem) => <RetryEvent event={row} />,
  },
]

function reasonOf({ error }: ParkedItem): string {
  return error?.detail ?? 'Waits for an earlier event of the same thing.'
}
