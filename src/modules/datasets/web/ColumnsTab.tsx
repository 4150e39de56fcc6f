import { useQuery } from '@tanstack/react-query'
import { Failure } from '#ui/Nothing'
import { formatCount, formatNumber } from '#ui/number'
import { Table } from '#ui/Table'
import { Distribution } from './Distribution.tsx'
import { profileQuery, type Dataset, type Profile } from './dataset-api.ts'

type Profiled = Profile['columns'][number]

/** What the columns are and hold: type, how full, and the shape of their values. */
export function ColumnsTab({ dataset }: { readonly dataset: Dataset }) {
  const profile = useQuery(profileQuery(dataset.name))
  const profiled = new Map<string, Profiled>(profile.data?.columns.map((column) => [column.name, column]))
  const seen = profile.data?.rows ?? 0
  const share = (column: string): number | null => {
    const filled = profiled.get(column)?.filled
    if (filled === undefined || seen === 0) return null
    return filled > 1 ? filled / seen : filled
  }
  return (
    <div className="flex flex-col gap-3">
      {profile.isError && <Failure error={profile.error} compact retry={() => void profile.refetch()} />}
      <Table
        label="Columns"
        tools={dataset.columns.length > 12}
        rows={dataset.columns}
        rowKey={({ name }) => name}
        columns={[
          {
            id: 'name',
            title: 'Column',
            grow: 2.5,
            value: (row) => row.name,
            cell: (row) => (
              <>
                <span className="font-medium">{row.name}</span>
                {dataset.key?.includes(row.name) === true && <span className="ml-2 text-12 text-ink-3">key</span>}
              </>
            ),
          },
          { id: 'type', title: 'Type', value: (row) => row.type, mono: true },
          {
            id: 'fill',
            title: 'Filled',
            grow: 1.6,
            value: (row) => share(row.name),
            cell: (row) => <Fill share={share(row.name)} />,
          },
          {
            id: 'distinct',
            title: 'Distinct',
            align: 'right',
            value: (row) => profiled.get(row.name)?.distinct ?? null,
            cell: (row) => formatNumber(profiled.get(row.name)?.distinct),
          },
          {
            id: 'values',
            title: 'Values',
            grow: 3,
            sortable: false,
            value: (row) => profiled.get(row.name)?.top[0]?.value,
            cell: (row) => <Distribution column={profiled.get(row.name)} rows={seen} />,
          },
        ]}
      />
      {profile.data !== undefined && (
        <p className="text-12 text-ink-3">{`Measured over the latest ${formatCount(seen, 'row')}.`}</p>
      )}
    </div>
  )
}

function Fill({ share }: { readonly share: number | null }) {
  if (share === null) return <span className="text-ink-3">—</span>
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="h-1 w-14 overflow-hidden rounded-full bg-line">
        <span className="block h-full rounded-full bg-water" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="figures text-12 text-ink-2">{`${share === 1 ? 100 : Math.min(99.9, Math.floor(share * 1000) / 10)}%`}</span>
    </span>
  )
}
