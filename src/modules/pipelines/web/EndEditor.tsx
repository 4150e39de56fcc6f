import { problemAt, startingValue, type FieldProblem } from '#ui/json-schema'
import { SchemaForm } from '#ui/SchemaForm'
import { cx } from '#ui/class-names'
import type { Part } from './draft.ts'
import type { ConnectorItem } from './pipeline-api.ts'

/** One end of a pipeline: which connector, and its settings. */
export function EndEditor({
  side,
  part,
  streaming,
  connectors,
  problems,
  columns,
  onChange,
}: {
  readonly side: 'source' | 'destination'
  readonly part: Part
  readonly streaming: boolean
  readonly connectors: readonly ConnectorItem[]
  readonly problems: readonly FieldProblem[]
  readonly columns?: readonly string[] | undefined
  readonly onChange: (part: Part) => void
}) {
  const fitting = connectors.filter(
    ({ can, settings }) =>
      settings[side] !== undefined &&
      (side === 'destination' ? can.write : streaming ? can.stream : can.read || can.stream),
  )
  const chosen = connectors.find(({ type }) => type === part.type)
  const schema = chosen?.settings[side]
  const typeProblem =
    problemAt(problems, `${side}.type`) ?? problemAt(problems, side) ?? problemAt(problems, `${side}.config`)
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">{side === 'source' ? 'Source' : 'Destination'}</legend>
      <div className="mb-4 overflow-hidden rounded-md border border-line">
        <div className="-mr-px -mb-px grid [grid-template-columns:repeat(auto-fill,minmax(132px,1fr))]">
          {fitting.map((connector) => (
            <label
              key={connector.type}
              title={connector.about}
              className={cx(
                'relative flex min-h-11 border-r border-b border-line cursor-pointer flex-col justify-center px-3 py-1.5 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-water',
                connector.type === part.type ? 'bg-water-soft' : 'hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name={side}
                className="absolute inset-0 cursor-pointer appearance-none outline-none"
                checked={connector.type === part.type}
                onChange={() =>
                  onChange({
                    type: connector.type,
                    config: (startingValue(connector.settings[side] ?? {}) ?? {}) as Part['config'],
                  })
                }
              />
              <span className={cx('text-13 font-medium', connector.type === part.type && 'text-water-ink')}>
                {connector.title}
              </span>
            </label>
          ))}
        </div>
      </div>
      {typeProblem !== undefined && <p className="mb-3 text-12 text-bad">{typeProblem}</p>}
      {chosen !== undefined && <p className="mb-4 text-12 text-ink-3">{chosen.about}</p>}
      {schema !== undefined && (
        <SchemaForm
          schema={schema}
          value={part.config}
          place={`${side}.config`}
          problems={problems}
          columns={columns}
          onChange={(config) => onChange({ ...part, config })}
        />
      )}
    </fieldset>
  )
}
