import { startingValue, type FieldProblem } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import type { ConnectorItem } from '../pipeline-api.ts'
import { ConnectionFields } from './ConnectionFields.tsx'
import { ConnectorPicker } from './ConnectorPicker.tsx'
import type { Draft, Part } from './draft.ts'
import { endProblem, endSchemas, withoutSettings } from './end-settings.ts'
import { modeOf } from './load-modes.ts'
import { ModeChoice } from './ModeChoice.tsx'

/** Where rows go, and what becomes of those that are there. */
export function DestinationEditor({
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
  readonly columns: readonly string[] | undefined
  readonly onChange: (destination: Part) => void
}) {
  const part = draft.destination
  const chosen = connectors.find(({ type }) => type === part.type)
  const schemas = chosen === undefined ? undefined : endSchemas(chosen, 'destination')
  const asksMode = Object.hasOwn(schemas?.rest.properties ?? {}, 'mode')
  // A key tells rows apart where they are merged or replaced; what is only appended needs none.
  const asksKey = !asksMode || modeOf(draft) !== 'append' || part.config['key'] !== undefined
  const put = (config: Part['config']): void => onChange({ ...part, config })
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">Destination</legend>
      <ConnectorPicker
        side="destination"
        chosen={chosen}
        connectors={connectors.filter(({ can, settings }) => settings.destination !== undefined && can.write)}
        error={endProblem(problems, 'destination')}
        onChoose={({ type, settings }) =>
          onChange({ type, config: (startingValue(settings.destination ?? {}) ?? {}) as Part['config'] })
        }
      />
      {schemas?.connection !== undefined && (
        <ConnectionFields
          side="destination"
          part={part}
          schema={schemas.connection}
          problems={problems}
          editing={editing}
          onChange={put}
          onTested={() => {}}
        />
      )}
      {schemas !== undefined && (
        <div className="flex flex-col gap-4">
          <SchemaForm
            schema={withoutSettings(schemas.rest, ['mode', 'key'])}
            value={part.config}
            place="destination.config"
            problems={problems}
            columns={columns}
            onChange={put}
          />
          {asksMode && (
            <ModeChoice draft={draft} problems={problems} onChange={(mode) => put({ ...part.config, mode })} />
          )}
          {asksKey && Object.hasOwn(schemas.rest.properties ?? {}, 'key') && (
            <SchemaForm
              schema={onlyKey(schemas.rest)}
              value={part.config}
              place="destination.config"
              problems={problems}
              columns={columns}
              onChange={put}
            />
          )}
        </div>
      )}
    </fieldset>
  )
}

function onlyKey(schema: ReturnType<typeof endSchemas>['rest']): ReturnType<typeof endSchemas>['rest'] {
  const others = Object.keys(schema.properties ?? {}).filter((name) => name !== 'key')
  return withoutSettings(schema, others)
}
