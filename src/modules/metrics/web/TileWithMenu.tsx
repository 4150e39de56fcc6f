import { MoreHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#ui/Button'
import { cx } from '#ui/class-names'
import { Menu } from '#ui/Menu'
import type { MenuItem } from '#ui/menu-items'
import { tileClasses, type TileSize } from '#ui/TileGrid'

/** A tile with a menu over its upper right corner. */
export function TileWithMenu({
  id,
  name,
  size,
  items,
  handle,
  onDragEnter,
  children,
}: {
  readonly id: string
  readonly name: string
  readonly size: TileSize
  readonly items: readonly MenuItem[]
  readonly handle?: ReactNode
  /** Another tile is dragged over this one. */
  readonly onDragEnter?: () => void
  readonly children: ReactNode
}) {
  return (
    <div
      data-tile={id}
      className={cx('group/tile relative min-w-0 overflow-hidden', tileClasses(size))}
      onDragEnter={onDragEnter}
      onDragOver={onDragEnter === undefined ? undefined : (event) => event.preventDefault()}
      onDrop={(event) => event.preventDefault()}
    >
      {children}
      {handle}
      <div className="absolute top-1 right-1">
        {items.length > 0 && (
          <Menu
            label={`More for ${name}`}
            trigger={<Button tone="quiet" label={`More for ${name}`} icon={<MoreHorizontal size={16} />} />}
            groups={[items]}
          />
        )}
      </div>
    </div>
  )
}
