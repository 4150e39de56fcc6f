import { cx } from '#ui/class-names'
import { FieldError } from '#ui/ShownErrors'
import type { ConnectorItem, Side } from '../pipeline-api.ts'

/** Which connector an end of a pipeline uses. */
export function ConnectorPicker({
  side,
  chosen,
  connectors,
  error,
  onChoose,
}: {
  readonly side: Side
  readonly chosen: ConnectorItem | undefined
  readonly connectors: readonly ConnectorItem[]
  readonly error: string | undefined
  readonly onChoose: (connector: ConnectorItem) => void
}) {
  return (
    <>
      <div className="mb-4 overflow-hidden rounded-md border border-line">
        <div className="-mr-px -mb-px grid [grid-template-columns:repeat(auto-fill,minmax(132px,1fr))]">
          {connectors.map((connector) => (
            <label
              key={connector.type}
              title={connector.about}
              className={cx(
                'relative flex min-h-11 border-r border-b border-line cursor-pointer flex-col justify-center px-3 py-1.5 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-water',
                connector === chosen ? 'bg-water-soft' : 'hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name={side}
                className="absolute inset-0 cursor-pointer appearance-none outline-none"
                checked={connector === chosen}
                onChange={() => onChoose(connector)}
              />
              <span className={cx('text-13 font-medium', connector === chosen && 'text-water-ink')}>
                {connector.title}
              </span>
            </label>
          ))}
        </div>
      </div>
      <FieldError text={error} className="mb-3" />
      {chosen !== undefined && <p className="mb-4 text-12 text-ink-3">{chosen.about}</p>}
    </>
  )
}
