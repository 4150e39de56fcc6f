import { useState } from 'react'
import type { FieldProblem, JsonSchema } from '#ui/json-schema'
import { problemWithin } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import { FieldError } from '#ui/ShownErrors'
import { foundStreamsQuery } from '../pipeline-api.ts'
import type { Part } from './draft.ts'
import { StreamPicker } from './StreamPicker.tsx'

/** What is read through a connection: a stream that it lists, or settings in place of one, such as a query. */
export function ConnectionStreams({
  part,
  connection,
  what,
  schema,
  problems,
  onChange,
}: {
  readonly part: Part
  readonly connection: string
  readonly what: string
  readonly schema: JsonSchema
  readonly problems: readonly FieldProblem[]
  readonly onChange: (part: Part) => void
}) {
  const { streams, ...withoutStream } = part
  const chosen = streams?.[0]?.name
  const [open] = useState(chosen === undefined && Object.keys(part.config).length > 0)
  const wrong = problemWithin(problems, 'source.streams')
  return (
    <>
      <StreamPicker
        key={connection}
        query={foundStreamsQuery({ connection })}
        what={what}
        isChosen={({ name }) => name === chosen}
        onChoose={({ name }) => onChange({ ...part, streams: [{ name }], config: {} })}
      />
      <FieldError text={wrong} className="-mt-3 mb-4" />
      <details open={open}>
        <summary className="cursor-pointer text-13 font-medium">
          Settings <span className="font-normal text-ink-3">{`in place of a ${what.toLowerCase()} from the list`}</span>
        </summary>
        <div className="mt-3">
          <SchemaForm
            schema={schema}
            value={part.config}
            place="source.config"
            problems={problems}
            onChange={(config) => onChange({ ...withoutStream, config })}
          />
        </div>
      </details>
    </>
  )
}
