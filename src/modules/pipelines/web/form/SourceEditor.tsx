import { useState } from 'react'
import { startingValue, titleFor, type FieldProblem } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import type { ConnectorItem } from '../pipeline-api.ts'
import { ColumnChoice } from './ColumnChoice.tsx'
import { ConnectionFields } from './ConnectionFields.tsx'
import { ConnectorPicker } from './ConnectorPicker.tsx'
import type { Draft, Part, StepColumn } from './draft.ts'
import { chosenConfig, endProblem, endSchemas, settingsOf } from './end-settings.ts'
import { StreamPicker } from './StreamPicker.tsx'

/** Where rows come from: the connector, its server, what is read there, and which columns. */
export function SourceEditor({
  draft,
  editing,
  connectors,
  problems,
  columns,
  onChange,
}: {
  readonly draft: Draft
  readonly editing: boolean
  readonly connectors: readonly ConnectorItem[]
  readonly problems: readonly FieldProblem[]
  /** Of the source, once a sample was read. */
  readonly columns: readonly StepColumn[] | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const part = draft.source
  const [tested, setTested] = useState<Part>()
  const fitting = connectors.filter(
    ({ can, settings }) =>
      settings.source !== undefined && (draft.type === 'streaming' ? can.stream : can.read || can.stream),
  )
  const chosen = connectors.find(({ type }) => type === part.type)
  const schemas = chosen === undefined ? undefined : endSchemas(chosen, 'source')
  const connection = schemas?.connection
  const put = (config: Part['config']): void => onChange({ source: { ...part, config } })
  const reach = connection === undefined ? {} : settingsOf(connection, part.config)
  const reached = connection === undefined || sameReach(tested, { type: part.type, config: reach })
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">Source</legend>
      <ConnectorPicker
        side="source"
        chosen={chosen}
        connectors={fitting}
        error={endProblem(problems, 'source')}
        onChoose={({ type, settings }) =>
          onChange({ source: { type, config: (startingValue(settings.source ?? {}) ?? {}) as Part['config'] } })
        }
      />
      {chosen !== undefined && schemas !== undefined && (
        <>
          {connection !== undefined && (
            <ConnectionFields
              side="source"
              part={part}
              schema={connection}
              problems={problems}
              editing={editing}
              onChange={put}
              onTested={(config) => setTested({ type: part.type, config: settingsOf(connection, config) })}
            />
          )}
          {chosen.discovers && reached && (
            <StreamPicker
              part={part}
              connection={reach}
              what={whatOf(chosen)}
              onChoose={(config) => put(chosenConfig(schemas, part.config, config))}
            />
          )}
          <SchemaForm
            schema={schemas.rest}
            value={part.config}
            place="source.config"
            problems={problems}
            onChange={put}
          />
          {columns !== undefined && columns.length > 1 && (
            <ColumnChoice
              columns={columns}
              steps={draft.transformations}
              onChange={(transformations) => onChange({ transformations })}
            />
          )}
        </>
      )}
    </fieldset>
  )
}

function sameReach(one: Part | undefined, other: Part): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** What a choice from the list is, by the setting that it fills. */
function whatOf({ settings }: ConnectorItem): string {
  const names = ['table', 'stream', 'dataset', 'path']
  const name = names.find((one) => Object.hasOwn(settings.source?.properties ?? {}, one)) ?? 'stream'
  return name === 'path' ? 'File' : titleFor(name, {})
}
