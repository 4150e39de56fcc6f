import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { MetricDefinition } from '#core/metric'
import { Boundary } from '#ui/Boundary'
import { DragHandle } from '#ui/DragHandle'
import type { MenuItem } from '#ui/menu-items'
import { moved } from '#ui/moved'
import { plainTile, tileClasses, TileGrid } from '#ui/TileGrid'
import { LiveKpiTile } from './LiveKpiTile.tsx'
import { pinItem } from './pin-item.tsx'
import { pinMoved } from './pins.ts'
import { TileWithMenu } from './TileWithMenu.tsx'
import type { PinControls } from './use-pins.ts'

/** The pinned metrics in their order: moved by their menu or by dragging, and unpinned. */
export function PinnedTiles({
  pinned,
  pins,
}: {
  readonly pinned: readonly MetricDefinition[]
  readonly pins: PinControls
}) {
  const whole = useRef<HTMLDivElement>(null)
  const [announcement, setAnnouncement] = useState('')
  const [focus, setFocus] = useState<{ readonly code: string | undefined }>()
  const [drag, setDrag] = useState<Drag>()
  // What moved in the page, or went with its tile, took the focus along.
  useEffect(() => {
    if (focus?.code !== undefined)
      whole.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(focus.code)}"] button`)?.focus()
  }, [focus])
  const shown = drag === undefined ? pinned : moved(pinned, drag.from, drag.to)
  const move = ({ code, name }: MetricDefinition, to: number): void => {
    const other = pinned[to]
    if (other === undefined) return
    pins.change(pinMoved(code, other.code))
    setAnnouncement(`${name} is tile ${to + 1} of ${pinned.length}`)
    setFocus({ code })
  }
  const itemsOf = (metric: MetricDefinition, place: number): readonly MenuItem[] => {
    const unpin = pinItem(pins, metric)
    return [
      ...(place === 0 ? [] : [earlier(() => move(metric, place - 1))]),
      ...(place === pinned.length - 1 ? [] : [later(() => move(metric, place + 1))]),
      {
        ...unpin,
        onSelect: () => {
          unpin.onSelect()
          setFocus({ code: (pinned[place + 1] ?? pinned[place - 1])?.code })
        },
      },
    ]
  }
  return (
    <div ref={whole}>
      <TileGrid label="Pinned metrics" heading>
        {shown.map((metric, place) => (
          <Boundary key={metric.code} className={tileClasses(plainTile)}>
            <TileWithMenu
              id={metric.code}
              name={metric.name}
              size={plainTile}
              items={itemsOf(metric, place)}
              handle={
                <DragHandle
                  className="absolute top-3.5 left-0.5 opacity-0 transition-opacity duration-100 group-hover/tile:opacity-100"
                  onStart={() => setDrag({ from: place, to: place })}
                  onEnd={(dropped) => {
                    setDrag(undefined)
                    if (dropped && drag !== undefined && drag.to !== drag.from) move(pinned[drag.from]!, drag.to)
                  }}
                />
              }
              onDragEnter={() => drag !== undefined && setDrag({ ...drag, to: place })}
            >
              <LiveKpiTile metric={metric} />
            </TileWithMenu>
          </Boundary>
        ))}
      </TileGrid>
      <p role="status" className="sr-only">
        {announcement}
      </p>
    </div>
  )
}

/** Places from 0, in the order that is saved. */
interface Drag {
  readonly from: number
  readonly to: number
}

function earlier(onSelect: () => void): MenuItem {
  return { id: 'earlier', title: 'Move earlier', icon: <ArrowLeft size={15} />, onSelect }
}

function later(onSelect: () => void): MenuItem {
  return { id: 'later', title: 'Move later', icon: <ArrowRight size={15} />, onSelect }
}
