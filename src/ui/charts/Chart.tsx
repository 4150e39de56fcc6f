import { Table2, LineChart } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { cx } from '../class-names.ts'
import { Button } from '../components/Button.tsx'
import { formatNumber } from '../format/number.ts'
import { formatExactTime, formatPeriod } from '../format/time.ts'
import { Table } from '../table/Table.tsx'
import { summaryOf, type ChartSpec } from './chart-spec.ts'

const Plot = lazy(async () => ({ default: (await import('./Plot.tsx')).Plot }))

/** A chart, with its summary in words and its numbers as a table behind it. */
export function Chart({
  spec,
  height = 280,
  stale = false,
  onZoom,
  note,
}: {
  readonly spec: ChartSpec
  readonly height?: number
  /** New data is being read: the old stays, paler. */
  readonly stale?: boolean
  readonly onZoom?: ((from: number, to: number) => void) | undefined
  readonly note?: string | undefined
}) {
  const [asTable, setAsTable] = useState(false)
  const many = spec.series.filter(({ quiet }) => quiet !== true).length > 1
  return (
    <figure className={cx('min-w-0 transition-opacity duration-100', stale && 'opacity-60')}>
      <figcaption className="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 text-12 text-ink-3">
        {(many || spec.series.some(({ quiet }) => quiet === true)) &&
          spec.series.map(({ name, quiet }, index) => (
            <span key={name} className="inline-flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className={cx('h-0.5 w-3 rounded-full', quiet === true && 'opacity-50')}
                style={{ background: quiet === true ? 'var(--ink-3)' : `var(--series-${(index % 8) + 1})` }}
              />
              {name}
            </span>
          ))}
        {note !== undefined && (
          <span className="inline-flex items-center gap-1.5">
            <svg width="16" height="4" aria-hidden="true">
              <path d="M0 2h16" className="stroke-water" strokeWidth="1.5" strokeDasharray="2.5 2.5" />
            </svg>
            {note}
          </span>
        )}
        <Button
          tone="quiet"
          className="ml-auto"
          label={asTable ? 'Show the chart' : 'Show the numbers'}
          icon={asTable ? <LineChart size={15} /> : <Table2 size={15} />}
          onClick={() => setAsTable(!asTable)}
        />
      </figcaption>
      <div style={{ minHeight: height }}>
        {asTable ? (
          <Numbers spec={spec} height={height} />
        ) : (
          <div role="img" aria-label={summaryOf(spec)}>
            <Suspense fallback={<div style={{ height }} />}>
              <Plot spec={spec} height={height} onZoom={onZoom} />
            </Suspense>
          </div>
        )}
      </div>
    </figure>
  )
}

function Numbers({ spec, height }: { readonly spec: ChartSpec; readonly height: number }) {
  const rows = spec.series.flatMap(({ name, points }) => points.map((point) => ({ ...point, name }))).reverse()
  return (
    <Table
      label={spec.title}
      tools={false}
      height={height}
      rows={rows}
      rowKey={(row) => `${row.name} ${row.at}`}
      columns={[
        {
          id: 'at',
          title: spec.period,
          value: (row) => row.at,
          cell: (row) => (
            <span title={formatExactTime(row.at, spec.zone)}>{formatPeriod(row.at, spec.period, spec.zone)}</span>
          ),
        },
        { id: 'name', title: 'Series', value: (row) => row.name },
        {
          id: 'value',
          title: 'Value',
          value: (row) => row.value,
          align: 'right',
          cell: (row) => formatNumber(row.value, { unit: spec.unit }),
        },
        { id: 'state', title: 'State', value: (row) => row.state },
      ]}
    />
  )
}
