import { GripVertical } from 'lucide-react'
import { cx } from '../class-names.ts'

/** Drags the tile (`data-tile`) that it is in. Who has no pointer moves a tile by its buttons or its menu. */
export function DragHandle({
  className,
  onStart,
  onEnd,
}: {
  readonly className: string
  readonly onStart: () => void
  readonly onEnd: (dropped: boolean) => void
}) {
  return (
    <span
      draggable
      aria-hidden="true"
      title="Drag to another place"
      className={cx('cursor-grab text-ink-3 pointer-coarse:hidden', className)}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        const tile = event.currentTarget.closest('[data-tile]')
        if (tile !== null) event.dataTransfer.setDragImage(tile, 8, 8)
        onStart()
      }}
      onDragEnd={({ dataTransfer }) => onEnd(dataTransfer.dropEffect !== 'none')}
    >
      <GripVertical size={14} />
    </span>
  )
}
