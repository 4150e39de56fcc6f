import { Button } from './Button.tsx'
import { Empty } from './Nothing.tsx'
import { Table } from '../table/Table.tsx'
import { Ago } from './Time.tsx'

export interface RejectedRow {
  readonly id: string
  readonly at: string
  readonly source: string
  readonly reason: string
  readonly problems: readonly { readonly at: string; readonly message: string }[]
  readonly row: string
}

/** Rows that were rejected, each with its reasons. */
export function RejectedRows(props: {
  readonly rows: readonly RejectedRow[] | undefined
  /** What an empty list says. */
  readonly empty: string
  /** Given where there are more pages. */
  readonly onMore?: (() => void) | undefined
  readonly busy?: boolean
}) {
  return (
    <div className="flex flex-col gap-3">
      <Table
        label="Quarantined rows"
        rows={props.rows}
        rowKey={({ id }) => id}
        columns={[
          { id: 'at', title: 'When', value: (row) => row.at, cell: (row) => <Ago at={row.at} /> },
          { id: 'reason', title: 'Reason', grow: 3, value: (row) => row.reason },
          {
            id: 'problems',
            title: 'Where',
            value: (row) => row.problems.map(({ at, message }) => `${at}: ${message}`).join('; '),
          },
          { id: 'row', title: 'Row', grow: 4, mono: true, value: (row) => row.row },
          { id: 'source', title: 'Came by', value: (row) => row.source, hidden: true },
        ]}
        empty={
          <Empty title="No rejected rows">
            <p>{props.empty}</p>
          </Empty>
        }
      />
      {props.onMore !== undefined && (
        <Button busy={props.busy === true} onClick={props.onMore}>
          Show more rows
        </Button>
      )}
    </div>
  )
}
