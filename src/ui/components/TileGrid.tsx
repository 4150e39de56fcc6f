import { useRef, type ReactNode } from 'react'
import { cx } from '../class-names.ts'
import { useShortcut } from '../keyboard/shortcuts.ts'

/** `width` in twelfths of the grid; on a phone up to half is half. */
export interface TileSize {
  readonly width: number
  readonly tall: boolean
}

export const plainTile: TileSize = { width: 3, tall: false }

/** Tiles side by side in one frame, parted by hairlines; a row that is not full stays open. */
export function TileGrid({
  label,
  heading = false,
  children,
}: {
  readonly label: string
  /** Shows the label above the tiles. */
  readonly heading?: boolean
  readonly children: ReactNode
}) {
  const grid = useRef<HTMLDivElement>(null)
  const move = (by: number): void => {
    const tiles = [...(grid.current?.querySelectorAll<HTMLElement>(':scope > [data-tile] > a') ?? [])]
    const at = tiles.indexOf(document.activeElement as HTMLElement)
    tiles[Math.max(0, Math.min(tiles.length - 1, at + by))]?.focus()
  }
  useShortcut('j', 'Next tile', () => move(1))
  useShortcut('k', 'Tile before', () => move(-1))
  return (
    <section aria-label={label}>
      {heading && <h2 className="mb-2 flex min-h-8 items-center text-13 font-semibold text-ink-2">{label}</h2>}
      <div className="overflow-hidden rounded-lg border border-line">
        <div
          ref={grid}
          className="-mr-px -mb-px grid grid-cols-2 lg:grid-cols-12 [&>*]:border-r [&>*]:border-b [&>*]:border-line"
        >
          {children}
        </div>
      </div>
    </section>
  )
}

/** Written out, so that they are found when the styles are made. */
const widths: Readonly<Record<number, string>> = {
  2: 'lg:col-span-2',
  3: 'lg:col-span-3',
  4: 'lg:col-span-4',
  5: 'lg:col-span-5',
  6: 'lg:col-span-6',
  7: 'lg:col-span-7',
  8: 'lg:col-span-8',
  9: 'lg:col-span-9',
  10: 'lg:col-span-10',
  11: 'lg:col-span-11',
  12: 'lg:col-span-12',
}

/** What a tile takes of its grid. */
export function tileClasses({ width, tall }: TileSize): string {
  return cx(width >= 6 && 'col-span-2', widths[width], tall ? 'row-span-2 h-[296px]' : 'h-[148px]')
}
