import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { addressText } from '#ui/address-text'
import { Button } from '#ui/Button'
import { Fact, Facts } from '#ui/Facts'
import { ButtonLink, Link } from '#ui/Link'
import { MoreMenu } from '#ui/MoreMenu'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useMay } from '#ui/permissions'
import { Tabs } from '#ui/Tabs'
import { toast } from '#ui/Toasts'
import { useGo, useParam, useUrlState } from '#ui/url-state'
import { CheckPanel } from './CheckPanel.tsx'
import { act, connectionQuery, connectionTypesQuery, type Connection } from './connection-api.ts'
import { connectionPath, settingFacts } from './connection-words.ts'
import { HistoryTab } from './HistoryTab.tsx'
import { StreamsTab } from './StreamsTab.tsx'

export function ConnectionDetail() {
  const name = useParam('name')
  const connection = useQuery(connectionQuery(name))
  const above = (
    <Link to="/connections" className="hover:text-ink">
      Connections
    </Link>
  )
  if (connection.data !== undefined) return <Shown connection={connection.data} above={above} />
  return (
    <Page>
      <PageHead title={name} above={above} />
      {connection.isError ? (
        <Failure error={connection.error} retry={() => void connection.refetch()} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </Page>
  )
}

function Shown({ connection, above }: { readonly connection: Connection; readonly above: React.ReactNode }) {
  const { name } = connection
  const [url, changeUrl] = useUrlState()
  const types = useQuery(connectionTypesQuery)
  const mayUse = useMay('connectors.use')
  const mayWrite = useMay('connections.write')
  const check = useMutation({ mutationFn: () => act.check(name) })
  const connector = types.data?.find(({ type }) => type === connection.type)
  return (
    <Page>
      <PageHead
        title={name}
        above={above}
        about={[connector?.title ?? connection.type, addressText(connection.settings)].filter(Boolean).join(', ')}
        actions={
          <>
            {mayUse && (
              <Button tone="primary" busy={check.isPending} onClick={() => check.mutate()}>
                Test connection
              </Button>
            )}
            {mayWrite && (
              <ButtonLink to={`${connectionPath(name)}/edit`} icon={<Pencil size={14} />}>
                Edit
              </ButtonLink>
            )}
            {mayWrite && <Removal connection={connection} />}
          </>
        }
      />
      {(check.isSuccess || check.isError) && (
        <div className="mb-5">
          <CheckPanel result={check.data} error={check.error} />
        </div>
      )}
      <Tabs
        label="Connection"
        open={url['tab'] ?? 'streams'}
        onOpen={(tab) => changeUrl({ tab: tab === 'streams' ? undefined : tab, stream: undefined })}
        tabs={[
          {
            id: 'streams',
            title: 'Streams',
            content: <StreamsTab name={name} connector={connector} mayUse={mayUse} />,
          },
          {
            id: 'settings',
            title: 'Settings',
            content: (
              <Facts>
                {settingFacts(connector?.schema ?? {}, connection.settings).map((fact) => (
                  <Fact key={fact.name} name={fact.name}>
                    <span className={fact.secret ? 'text-ink-3' : undefined}>{fact.value}</span>
                  </Fact>
                ))}
                <Fact name="Used by">
                  {connection.usedBy.length === 0 ? (
                    <span className="text-ink-3">nothing yet</span>
                  ) : (
                    connection.usedBy.map((user) => `${user.kind} ${user.name ?? user.id}`).join(', ')
                  )}
                </Fact>
              </Facts>
            ),
          },
          {
            id: 'history',
            title: 'History',
            content: <HistoryTab connection={connection} schema={connector?.schema ?? {}} mayWrite={mayWrite} />,
          },
        ]}
      />
    </Page>
  )
}

function Removal({ connection: { name, usedBy } }: { readonly connection: Connection }) {
  const queries = useQueryClient()
  const go = useGo()
  const users = usedBy.map((user) => `the ${user.kind} "${user.name ?? user.id}"`)
  return (
    <MoreMenu
      removal={{
        verb: 'Delete connection',
        name,
        about:
          users.length === 0
            ? `The connection "${name}", its secrets and its history are gone. Nothing uses it.`
            : `The connection "${name}" is used by ${users.join(', ')}, and is deleted only when nothing uses it.`,
        onConfirm: async () => {
          await act.remove(name)
          toast(`Connection ${name} deleted`)
          go('/connections')
          await queries.invalidateQueries({ queryKey: ['connections'], exact: true })
        },
      }}
    />
  )
}
