import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Sigma } from 'lucide-react'
import { ButtonLink, Link } from '#ui/Link'
import { MoreMenu } from '#ui/MoreMenu'
import { Skeleton } from '#ui/Nothing'
import { formatBytes, formatCount } from '#ui/number'
import { Page, PageHead } from '#ui/Page'
import { Tabs } from '#ui/Tabs'
import { Ago } from '#ui/Time'
import { toast } from '#ui/Toasts'
import { useGo, useParam, useUrlState } from '#ui/url-state'
import { datasetQuery, rejectedQuery, removeDataset } from './dataset-api.ts'
import { ColumnsTab } from './ColumnsTab.tsx'
import { QuarantineTab } from './QuarantineTab.tsx'
import { RejectedOnly } from './RejectedOnly.tsx'
import { RowsTab } from './RowsTab.tsx'
import { SendTab } from './SendTab.tsx'

export function DatasetDetail() {
  const name = useParam('name')
  const [url, changeUrl] = useUrlState()
  const dataset = useQuery({ ...datasetQuery(name), refetchInterval: 10_000 })
  const rejected = useQuery({ ...rejectedQuery, refetchInterval: 30_000 })
  const queries = useQueryClient()
  const go = useGo()
  const above = (
    <Link to="/datasets" className="hover:text-ink">
      Datasets
    </Link>
  )
  if (dataset.isError && dataset.data === undefined) {
    return <RejectedOnly name={name} above={above} error={dataset.error} retry={() => void dataset.refetch()} />
  }
  const found = dataset.data
  const rejectedRows = rejected.data?.find((each) => each.name === name)?.rows
  const remove = async (): Promise<void> => {
    await removeDataset(name)
    toast(`Dataset ${name} deleted`)
    go('/datasets')
    await queries.invalidateQueries({ queryKey: ['datasets'], exact: true })
  }
  return (
    <Page>
      <PageHead
        title={name}
        above={above}
        about={
          found !== undefined && (
            <span className="figures flex flex-wrap gap-x-4">
              <span>
                {found.kind === 'events' ? 'Events, append-only' : `Table, keyed by ${(found.key ?? []).join(', ')}`}
              </span>
              <span>{formatCount(found.rows, 'row')}</span>
              <span>{formatBytes(found.bytes)}</span>
              <span>
                last rows <Ago at={found.freshness} />
              </span>
            </span>
          )
        }
        actions={
          <>
            <ButtonLink to="/metrics/new" search={{ dataset: name }} tone="primary" icon={<Sigma size={15} />}>
              Define a metric
            </ButtonLink>
            <MoreMenu
              removal={{
                verb: 'Delete dataset',
                name,
                about: `All rows of "${name}" and its quarantine are gone for good. Metrics over it stop.`,
                onConfirm: remove,
              }}
            />
          </>
        }
      />
      {found === undefined ? (
        <Skeleton className="h-96 w-full" />
      ) : (
        <Tabs
          label="Dataset"
          open={url['tab'] ?? 'columns'}
          onOpen={(tab) => changeUrl({ tab: tab === 'columns' ? undefined : tab })}
          tabs={[
            { id: 'columns', title: 'Columns', count: found.columns.length, content: <ColumnsTab dataset={found} /> },
            { id: 'rows', title: 'Rows', content: <RowsTab dataset={found} /> },
            {
              id: 'quarantine',
              title: 'Quarantine',
              count: rejectedRows,
              content: <QuarantineTab dataset={found} total={rejectedRows} />,
            },
            ...(found.kind === 'events'
              ? [{ id: 'send', title: 'Send events', content: <SendTab dataset={found} /> }]
              : []),
          ]}
        />
      )}
    </Page>
  )
}
