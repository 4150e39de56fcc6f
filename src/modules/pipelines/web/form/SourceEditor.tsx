import { useState } from 'react'
import { titleFor } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import { foundStreamsQuery, type ConnectorItem } from '../pipeline-api.ts'
import { ColumnChoice } from './ColumnChoice.tsx'
import { ConnectionStreams } from './ConnectionStreams.tsx'
import type { Draft, Part, StepColumn } from './draft.ts'
import { EndEditor, type EndProps } from './EndEditor.tsx'
import { chosenConfig, isChosen, settingsOf, type EndSchemas } from './end-settings.ts'
import { StreamPicker } from './StreamPicker.tsx'

/** Where rows come from: the connector, its server, what is read there, and which columns. */
export function SourceEditor({
  draft,
  columns,
  onChange,
  ...end
}: EndProps & {
  readonly draft: Draft
  /** Of the source, once a sample was read. */
  readonly columns: readonly StepColumn[] | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const part = draft.source
  const [tested, setTested] = useState<Part['config']>()
  const put = (source: Part): void => onChange({ source })
  const fitting = end.connectors.filter(
    ({ can, settings }) =>
      settings.source !== undefined && (draft.type === 'streaming' ? can.stream : can.read || can.stream),
  )
  return (
    <EndEditor
      {...end}
      side="source"
      title="Source"
      part={part}
      connectors={fitting}
      onChange={put}
      onTested={setTested}
    >
      {(connector, schemas) => (
        <>
          {part.connection !== undefined && connector.discovers ? (
            <ConnectionStreams
              part={part}
              connection={part.connection}
              what={whatOf(connector)}
              schema={schemas.rest}
              problems={end.problems}
              onChange={put}
            />
          ) : (
            <>
              {connector.discovers && isReached(tested, part, schemas) && (
                <StreamPicker
                  query={foundStreamsQuery({ ...part, id: end.id, reach: settingsOf(schemas.connection, part.config) })}
                  what={whatOf(connector)}
                  isChosen={({ config }) => config !== undefined && isChosen(part.config, config)}
                  onChoose={({ config = {} }) => put({ ...part, config: chosenConfig(schemas, part.config, config) })}
                />
              )}
              <SchemaForm
                schema={schemas.rest}
                value={part.config}
                place="source.config"
                problems={end.problems}
                onChange={(config) => put({ ...part, config })}
              />
            </>
          )}
          {columns !== undefined && columns.length > 1 && (
            <ColumnChoice
              columns={columns}
              steps={draft.transformations}
              onChange={(transformations) => onChange({ transformations })}
            />
          )}
        </>
      )}
    </EndEditor>
  )
}

/** A server is asked what it has once a test has reached it; what needs no server is asked at once. */
function isReached(tested: Part['config'] | undefined, { config }: Part, { connection }: EndSchemas): boolean {
  const reach = (settings: Part['config']): string => JSON.stringify(settingsOf(connection, settings))
  return connection === undefined || (tested !== undefined && reach(tested) === reach(config))
}

/** What a choice from the list is, by the setting that it fills. */
function whatOf({ settings }: ConnectorItem): string {
  const names = ['table', 'stream', 'dataset', 'path']
  const name = names.find((one) => Object.hasOwn(settings.source?.properties ?? {}, one)) ?? 'stream'
  return name === 'path' ? 'File' : titleFor(name, {})
}
