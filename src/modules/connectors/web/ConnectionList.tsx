import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { addressText } from '#ui/address-text'
import { ButtonLink } from '#ui/Link'
import { ListPage } from '#ui/ListPage'
import { Empty } from '#ui/Nothing'
import { useMay } from '#ui/permissions'
import { Ago } from '#ui/Time'
import { connectionsQuery, connectionTypesQuery } from './connection-api.ts'
import { connectionPath } from './connection-words.ts'

/** The servers and accounts that the workspace reads from and writes to. */
export function ConnectionList() {
  const connections = useQuery(connectionsQuery)
  const types = useQuery(connectionTypesQuery)
  const mayWrite = useMay('connections.write')
  const titleOf = (type: string): string => types.data?.find((each) => each.type === type)?.title ?? type
  const add = (
    <ButtonLink to="/connections/new" tone="primary" icon={<Plus size={15} />}>
      Add a connection
    </ButtonLink>
  )
  return (
    <ListPage
      title="Connections"
      about="Servers and accounts, entered once. Their passwords are sealed and never shown again."
      actions={mayWrite ? add : undefined}
      query={connections}
      pathOf={({ name }) => connectionPath(name)}
      columns={[
        { id: 'type', title: 'Connector', value: ({ type }) => titleOf(type) },
        { id: 'address', title: 'Address', grow: 2, value: ({ settings }) => addressText(settings) },
        {
          id: 'changed',
          title: 'Changed',
          align: 'right',
          value: ({ updatedAt }) => updatedAt,
          cell: ({ updatedAt }) => <Ago at={updatedAt} className="text-ink-2" />,
        },
      ]}
      empty={
        <Empty title="No connections yet" action={mayWrite ? add : undefined}>
          <p>
            A connection is the address and the credentials of a server or account, such as a PostgreSQL database or an
            HTTP API, under a name. It is tested before it is saved, and shows what can be read through it.
          </p>
          <p>Files, streams and datasets of Millrace need no connection.</p>
        </Empty>
      }
    />
  )
}
