import { useQuery } from '@tanstack/react-query'
import { useRef, type ReactNode } from 'react'
import { problemAt, type FieldProblem } from '#ui/json-schema'
import { useMay } from '#ui/permissions'
import { Segments } from '#ui/Segments'
import { connectionsQuery, type ConnectionItem, type ConnectorItem, type Side } from '../pipeline-api.ts'
import { ConnectionChoice } from './ConnectionChoice.tsx'
import { ConnectionFields } from './ConnectionFields.tsx'
import { ConnectorPicker } from './ConnectorPicker.tsx'
import type { Part } from './draft.ts'
import { freshPart, otherWay, wayOf, type Way } from './end-alternatives.ts'
import { endProblem, endSchemas, type EndSchemas } from './end-settings.ts'

export interface EndProps {
  /** Of the pipeline, once it is made. */
  readonly id: string | undefined
  readonly connectors: readonly ConnectorItem[]
  readonly problems: readonly FieldProblem[]
}

/** One end of a pipeline: its connector, its server, and what is read or written there. */
export function EndEditor({
  side,
  title,
  part,
  id,
  connectors,
  problems,
  onChange,
  onTested = () => {},
  children,
}: EndProps & {
  readonly side: Side
  readonly title: string
  readonly part: Part
  readonly onChange: (part: Part) => void
  readonly onTested?: (config: Part['config']) => void
  /** What is read or written there. */
  readonly children: (connector: ConnectorItem, schemas: EndSchemas) => ReactNode
}) {
  const mayReadConnections = useMay('connections.read')
  const connections = useQuery({ ...connectionsQuery, enabled: mayReadConnections })
  const before = useRef(new Map<string, Before>())
  const connector = connectorOf(part, connectors, connections.data)
  const way = wayOf(part)
  const schemas = connector && endSchemas(connector, side, way === 'connection')
  const remember = (): void => {
    if (connector === undefined) return
    before.current.set(connector.type, { ...before.current.get(connector.type), [way]: part, way })
  }
  const chooseConnector = (next: ConnectorItem): void => {
    remember()
    const known = before.current.get(next.type)
    const has = next.settings.connection !== undefined && connections.data?.some(({ type }) => type === next.type)
    onChange((known && known[known.way]) ?? freshPart(next, side, has === true ? 'connection' : 'own'))
  }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">{title}</legend>
      <ConnectorPicker
        side={side}
        chosen={connector}
        connectors={connectors}
        error={endProblem(problems, side)}
        onChoose={chooseConnector}
      />
      {connector?.settings.connection !== undefined && (mayReadConnections || way === 'connection') && (
        <div className="mb-4">
          <Segments
            label={`Server of the ${side}`}
            value={way}
            onChange={() => {
              remember()
              const { [way === 'own' ? 'connection' : 'own']: other } = before.current.get(connector.type) ?? {}
              onChange(otherWay(part, other, connector, side))
            }}
            options={[
              { value: 'connection', title: 'Stored connection' },
              { value: 'own', title: 'Settings of its own' },
            ]}
          />
        </div>
      )}
      {connector !== undefined && part.connection !== undefined && (
        <ConnectionChoice
          side={side}
          name={part.connection}
          connector={connector}
          connections={connections}
          error={problemAt(problems, `${side}.connection`)}
          returnTo={`${id === undefined ? '/pipelines/new' : `/pipelines/${id}/edit`}?end=${side}`}
          onChoose={(connection) => onChange(withConnection(part, connection, connector.type))}
        />
      )}
      {schemas?.connection !== undefined && (
        <ConnectionFields
          side={side}
          part={part}
          schema={schemas.connection}
          problems={problems}
          id={id}
          onChange={(config) => onChange({ ...part, config })}
          onTested={onTested}
        />
      )}
      {connector !== undefined && schemas !== undefined && part.connection !== '' && children(connector, schemas)}
    </fieldset>
  )
}

/** What an end was with another connector or another way to its server. */
type Before = Partial<Record<Way, Part>> & { readonly way: Way }

/** A definition may name a connection alone, whose connector it has. */
function connectorOf(
  { type, connection }: Part,
  connectors: readonly ConnectorItem[],
  connections: readonly ConnectionItem[] | undefined,
): ConnectorItem | undefined {
  const wanted = type === '' ? connections?.find(({ name }) => name === connection)?.type : type
  return connectors.find((each) => each.type === wanted)
}

/** The stream of one connection is not known to be there in another. */
function withConnection({ streams: _, ...part }: Part, connection: string, type: string): Part {
  return { ...part, type, connection }
}
