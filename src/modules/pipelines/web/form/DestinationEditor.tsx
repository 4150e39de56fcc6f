import type { JsonSchema } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import type { Draft, Part } from './draft.ts'
import { EndEditor, type EndProps } from './EndEditor.tsx'
import { namedAfterStream, withoutSettings } from './end-settings.ts'
import { modeOf } from './load-modes.ts'
import { ModeChoice } from './ModeChoice.tsx'

/** Where rows go, and what becomes of those that are there. */
export function DestinationEditor({
  draft,
  columns,
  onChange,
  ...end
}: EndProps & {
  readonly draft: Draft
  readonly columns: readonly string[] | undefined
  readonly onChange: (destination: Part) => void
}) {
  const part = draft.destination
  const put = (config: Part['config']): void => onChange({ ...part, config })
  const form = (schema: JsonSchema) => (
    <SchemaForm
      schema={schema}
      value={part.config}
      place="destination.config"
      problems={end.problems}
      columns={columns}
      onChange={put}
    />
  )
  return (
    <EndEditor
      {...end}
      side="destination"
      title="Destination"
      part={part}
      connectors={end.connectors.filter(({ can, settings }) => settings.destination !== undefined && can.write)}
      onChange={onChange}
    >
      {(_, { rest }) => {
        const { properties = {} } = rest
        const stream = draft.source.streams?.[0]?.name
        const asksMode = Object.hasOwn(properties, 'mode')
        // A key tells rows apart where they are merged or replaced; what is only appended needs none.
        const asksKey = !asksMode || modeOf(draft) !== 'append' || part.config['key'] !== undefined
        const notKey = Object.keys(properties).filter((name) => name !== 'key')
        return (
          <div className="flex flex-col gap-4">
            {form(withoutSettings(namedAfterStream(rest, stream), ['mode', 'key']))}
            {asksMode && (
              <ModeChoice draft={draft} problems={end.problems} onChange={(mode) => put({ ...part.config, mode })} />
            )}
            {asksKey && Object.hasOwn(properties, 'key') && form(withoutSettings(rest, notKey))}
          </div>
        )
      }}
    </EndEditor>
  )
}
