import { Table } from '#ui/Table'
import { cellOf, type Column } from '#ui/rows'
import type { Preview } from './pipeline-api.ts'

type Row = Readonly<Record<string, unknown>>

/** Some rows as they are after a step. */
export function SampleTable({
  sample,
  height,
}: {
  readonly sample: Preview['steps'][number]
  readonly height: number
}) {
  return (
    <Table
      key={`${sample.name} ${sample.columns.map(({ name }) => name).join(' ')}`}
      label={`Sample after ${sample.name}`}
      tools={false}
      height={height}
      rows={sample.rows}
      rowKey={(_, row) => String(row)}
      columns={sample.columns.map(({ name, type }): Column<Row> => ({
        id: name,
        title: name,
        align: /^(integer|number|decimal)/.test(type) ? 'right' : 'left',
        value: (row) => cellOf(row[name]),
      }))}
      empty={
        <p className="border-t border-line py-4 text-13 text-ink-3">No row of the sample is left after this step.</p>
      }
    />
  )
}
