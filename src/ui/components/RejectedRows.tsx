import { useRef, useState, type ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Fact, Facts } from './Facts.tsx'
import { formatNumber } from '../format/number.ts'
import { LeaveQuestion } from './LeaveGuard.tsx'
import { Empty, ProblemList } from './Nothing.tsx'
import { Snippet } from './Snippet.tsx'
import { Table } from '../table/Table.tsx'
import { Ago } from './Time.tsx'

export interface RejectedRow {
  readonly id: string
  readonly at: string
  readonly source: string
  readonly reason: string
  readonly problems: readonly { readonly at: string; readonly message: string }[]
  readonly row: string
  /** Its columns, where the row is other text. */
  readonly record?: Readonly<Record<string, unknown>> | undefined
}

export interface CorrectionDialog {
  /** Closes the row. */
  readonly done: () => void
  /** Says whether something was entered that closing the row gives up: then it asks. */
  readonly onEdit: (edited: boolean) => void
}

/** Rows that were rejected, each with its reasons; a row opens to show them whole. */
export function RejectedRows(props: {
  readonly rows: readonly RejectedRow[] | undefined
  /** What an empty list says. */
  readonly empty: string
  /** Given where there are more pages. */
  readonly onMore?: (() => void) | undefined
  /** How many rows all pages have, where that is known. */
  readonly total?: number | undefined
  readonly busy?: boolean
  /** Shown with a row that is opened, to correct it. */
  readonly correction?: (row: RejectedRow, dialog: CorrectionDialog) => ReactNode
}) {
  const [opened, setOpened] = useState<RejectedRow>()
  return (
    <div className="flex flex-col gap-3">
      <Table
        label="Rejected rows"
        rows={props.rows}
        rowKey={({ id }) => id}
        onOpen={setOpened}
        columns={[
          { id: 'at', title: 'When', value: (row) => row.at, cell: (row) => <Ago at={row.at} /> },
          { id: 'reason', title: 'Reason', grow: 3, wrap: true, value: (row) => row.reason },
          {
            id: 'problems',
            title: 'Where',
            value: (row) => placesOf(row).join(', '),
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
        <div className="flex flex-wrap items-center gap-3 text-12 text-ink-3">
          <span>{shownText(props.rows?.length ?? 0, props.total)}</span>
          <Button busy={props.busy === true} onClick={props.onMore}>
            Show more rows
          </Button>
        </div>
      )}
      {opened !== undefined && (
        <RejectedRowDialog row={opened} onClose={() => setOpened(undefined)} correction={props.correction} />
      )}
    </div>
  )
}

function RejectedRowDialog({
  row,
  onClose,
  correction,
}: {
  readonly row: RejectedRow
  readonly onClose: () => void
  readonly correction: ((row: RejectedRow, dialog: CorrectionDialog) => ReactNode) | undefined
}) {
  const edited = useRef(false)
  const [asks, setAsks] = useState(false)
  return (
    <Dialog
      open
      wide
      onClose={() => (edited.current ? setAsks(true) : onClose())}
      title="Rejected row"
      about={row.reason}
    >
      {row.problems.some(({ message }) => message !== row.reason) && <ProblemList problems={row.problems} />}
      <Facts>
        <Fact name="When">
          <Ago at={row.at} />
        </Fact>
        {placesOf(row).length > 0 && (
          <Fact name="Where">
            <code className="text-12">{placesOf(row).join(', ')}</code>
          </Fact>
        )}
        <Fact name="Came by">{row.source}</Fact>
      </Facts>
      <Snippet label="The row" code={row.row} wrap />
      {correction?.(row, { done: onClose, onEdit: (now) => (edited.current = now) })}
      <LeaveQuestion what="this row" open={asks} onStay={() => setAsks(false)} onLeave={onClose} />
    </Dialog>
  )
}

function shownText(shown: number, total = 0): string {
  const of = total > shown ? ` of ${formatNumber(total)}` : ''
  return `The latest ${formatNumber(shown)}${of} rejected rows.`
}

function placesOf({ problems }: RejectedRow): readonly string[] {
  return [...new Set(problems.map(({ at }) => at))].filter((at) => at !== '')
}
