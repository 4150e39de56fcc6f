import { Plus } from 'lucide-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { addressText } from '#ui/address-text'
import { ChoiceList } from '#ui/ChoiceList'
import { ButtonLink } from '#ui/Link'
import { Failure, SkeletonRows } from '#ui/Nothing'
import { useMay } from '#ui/permissions'
import { FieldError } from '#ui/ShownErrors'
import type { ConnectionItem, ConnectorItem, Side } from '../pipeline-api.ts'

/** Which stored connection an end uses, of those that its connector has. */
export function ConnectionChoice({
  side,
  name,
  connector,
  connections,
  error,
  returnTo,
  onChoose,
}: {
  readonly side: Side
  readonly name: string
  readonly connector: ConnectorItem
  readonly connections: UseQueryResult<readonly ConnectionItem[]>
  readonly error: string | undefined
  /** The page that a new connection leads back to. */
  readonly returnTo: string
  readonly onChoose: (name: string) => void
}) {
  const mayRead = useMay('connections.read')
  const mayWrite = useMay('connections.write')
  if (!mayRead)
    return (
      <p className="mb-5 text-13 wrap-anywhere">
        {`It uses the connection “${name}”. Seeing the others needs the permission “connections.read”.`}
      </p>
    )
  const { data, error: failure } = connections
  if (data === undefined)
    return failure === null ? (
      <SkeletonRows rows={2} />
    ) : (
      <Failure error={failure} compact retry={() => void connections.refetch()} />
    )
  const fitting = data.filter(({ type }) => type === connector.type)
  const add = mayWrite && (
    <ButtonLink
      to="/connections/new"
      search={{ type: connector.type, next: returnTo }}
      icon={<Plus size={15} />}
      className="self-start"
    >
      Add a connection
    </ButtonLink>
  )
  const errorId = `${side}-connection-error`
  return (
    <div className="mb-5 flex flex-col gap-3">
      {fitting.length === 0 ? (
        <div className="rounded-md border border-line px-4 py-3 text-13">
          <p className="font-semibold">
            {data.length === 0 ? 'No connections yet' : `No ${connector.title} connections yet`}
          </p>
          <p className="mt-1 text-ink-2">
            {`A connection keeps the address and the credentials of a ${connector.title} server under a name, for all pipelines that use it.`}
            {mayWrite ? '' : ' Adding one needs the permission “connections.write”.'}
          </p>
        </div>
      ) : (
        <ChoiceList
          id={`${side}-connection`}
          label="Connection"
          what="connection"
          choices={fitting.map((each) => ({
            name: each.name,
            chosen: each.name === name,
            about: addressText(each.settings),
          }))}
          aria-describedby={error === undefined ? undefined : errorId}
          aria-invalid={error === undefined ? undefined : true}
          onChoose={onChoose}
        />
      )}
      <FieldError id={errorId} text={error} />
      {add}
    </div>
  )
}
