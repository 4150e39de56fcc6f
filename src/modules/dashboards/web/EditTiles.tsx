import { useEffect, useRef, useState } from 'react'
import type { MetricDefinition } from '#core/metric'
import { problemWithin, type FieldProblem } from '#ui/json-schema'
import { Empty } from '#ui/Nothing'
import { plainTile } from '#ui/TileGrid'
import { tileChanged, tileMoved, withoutTile, type Draft } from './dashboard-draft.ts'
import { EditTile } from './EditTile.tsx'
import { tileSizes } from './tile-sizes.ts'

/** The tiles in their order: moved by their buttons or by dragging, widened, titled, removed. */
export function EditTiles({
  draft,
  metrics,
  problems,
  onChange,
}: {
  readonly draft: Draft
  readonly metrics: readonly MetricDefinition[]
  readonly problems: readonly FieldProblem[]
  /** `what` names the kind of change, `said` tells it to those who do not see it. */
  readonly onChange: (next: Draft, what: string, said?: string) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  const [dragged, setDragged] = useState<number>()
  const [focus, setFocus] = useState<{ readonly key: number; readonly controls: readonly string[] }>()
  // What moved in the page, or went with its tile, took the focus along.
  useEffect(() => {
    if (focus === undefined) return
    const tile = list.current?.querySelector(`[data-tile="${focus.key}"]`)
    const buttons = focus.controls.map((control) => tile?.querySelector<HTMLElement>(`[data-control="${control}"]`))
    buttons.find((button) => button?.matches(':enabled') === true)?.focus()
  }, [focus])
  const { tiles } = draft
  if (tiles.length === 0) {
    return (
      <Empty title="No tiles yet">
        <p>
          A tile shows one metric: its number, what it was before, and its recent past. Add the first one below; it
          leads, so let it be the number people come for.
        </p>
      </Empty>
    )
  }
  const sizes = tileSizes(tiles.map(({ tile }) => tile))
  return (
    <section aria-label="Tiles" className="overflow-hidden rounded-lg border border-line">
      <ul
        ref={list}
        className="-mr-px -mb-px grid grid-cols-2 lg:grid-cols-12 [&>*]:border-r [&>*]:border-b [&>*]:border-line"
      >
        {tiles.map((one, place) => {
          const { key, tile } = one
          const metric = metrics.find(({ code }) => code === tile.metric)
          const name = tile.title ?? metric?.name ?? tile.metric
          return (
            <EditTile
              key={key}
              tile={one}
              place={place}
              count={tiles.length}
              name={name}
              metric={metric?.name ?? tile.metric}
              size={sizes[place] ?? plainTile}
              problem={
                problemWithin(problems, `tiles.${place}`) ??
                (metric === undefined ? 'This metric is not there any more' : undefined)
              }
              onChange={(change) =>
                onChange(tileChanged(draft, key, change), `${Object.keys(change).join()} of ${key}`)
              }
              onMove={(to, control) => {
                onChange(
                  tileMoved(draft, key, to),
                  `move ${key} to ${to}`,
                  `${name} is tile ${to + 1} of ${tiles.length}`,
                )
                setFocus({ key, controls: [control, control === 'later' ? 'earlier' : 'later'] })
              }}
              onRemove={() => {
                onChange(withoutTile(draft, key), `remove ${key}`, `${name} removed`)
                const next = tiles[place + 1] ?? tiles[place - 1]
                if (next !== undefined) setFocus({ key: next.key, controls: ['remove'] })
              }}
              onDrag={(on) => setDragged(on ? key : undefined)}
              onDragOver={() => {
                if (dragged !== undefined && dragged !== key)
                  onChange(tileMoved(draft, dragged, place), `drag ${dragged}`)
              }}
            />
          )
        })}
      </ul>
    </section>
  )
}
