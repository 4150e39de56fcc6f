import { useQuery } from '@tanstack/react-query'
import { Dialog } from '#ui/Dialog'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { cellOf, type Column } from '#ui/rows'
import { Table } from '#ui/Table'
import { useUrlState } from '#ui/url-state'
import { previewQuery, streamsQuery, type ConnectableType, type ConnectionStream } from './connection-api.ts'

/** What can be read through a connection; a stream opens with its first rows. */
export function StreamsTab({
  name,
  connector,
  mayUse,
}: {
  readonly name: string
  readonly connector: ConnectableType | undefined
  readonly mayUse: boolean
}) {
  const [url, changeUrl] = useUrlState()
  const lists = connector?.discovers === true && mayUse
  const streams = useQuery({ ...streamsQuery(name), enabled: lists })
  if (connector === undefined) return <Skeleton className="h-40 w-full" />
  if (!mayUse) return <p className="text-13 text-ink-3">Seeing streams needs the permission “connectors.use”.</p>
  if (!lists)
    return (
      <Empty title={`${connector.title} cannot list what it holds`}>
        <p>A pipeline says itself what it reads through this connection. “Test connection” shows whether it answers.</p>
      </Empty>
    )
  if (streams.isError) return <Failure error={streams.error} retry={() => void streams.refetch()} />
  return (
    <>
      <Table
        label="Streams"
        rows={streams.data}
        rowKey={(stream) => stream.name}
        onOpen={(stream) => changeUrl({ stream: stream.name })}
        columns={columns}
        empty={
          <Empty title="Nothing to read here">
            <p>The account sees no table or view. Give it the right to read some, then open this page again.</p>
          </Empty>
        }
      />
      {url['stream'] !== undefined && (
        <StreamDialog name={name} stream={url['stream']} onClose={() => changeUrl({ stream: undefined })} />
      )}
    </>
  )
}

const columns: Column<ConnectionStream>[] = [
  { id: 'name', title: 'Name', grow: 2, value: ({ name }) => name },
  { id: 'columns', title: 'Columns', align: 'right', value: ({ columns: all }) => all.length || null },
  { id: 'key', title: 'Primary key', value: ({ primaryKey }) => primaryKey.join(', ') },
  { id: 'cursors', title: 'Cursors', value: ({ cursors }) => cursors.join(', ') },
  { id: 'modes', title: 'Modes', value: ({ modes }) => modes.join(', ') },
]

type Row = Readonly<Record<string, unknown>>

function StreamDialog({
  name,
  stream,
  onClose,
}: {
  readonly name: string
  readonly stream: string
  readonly onClose: () => void
}) {
  const preview = useQuery(previewQuery(name, stream))
  return (
    <Dialog open wide onClose={onClose} title={stream} about={`Its first rows, as "${name}" gives them.`}>
      {preview.isError ? (
        <Failure error={preview.error} compact retry={() => void preview.refetch()} />
      ) : preview.data === undefined ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <Table
          label={`First rows of ${stream}`}
          tools={false}
          height={360}
          rows={preview.data.rows}
          rowKey={(_, row) => String(row)}
          columns={preview.data.columns.map(({ name: column, type }): Column<Row> => ({
            id: column,
            title: column,
            align: /^(integer|number|decimal)/.test(type) ? 'right' : 'left',
            value: (row) => cellOf(row[column]),
          }))}
          empty={<p className="border-t border-line py-4 text-13 text-ink-3">There are no rows yet.</p>}
        />
      )}
    </Dialog>
  )
}
