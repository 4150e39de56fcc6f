import { useRef, type ReactNode } from 'react'
import { useShortcut } from '../keyboard/shortcuts.ts'

/** Tiles side by side in one frame, parted by hairlines; a row that is not full stays open. */
export function TileGrid({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const grid = useRef<HTMLDivElement>(null)
  const move = (by: number): void => {
    const tiles = [...(grid.current?.querySelectorAll<HTMLElement>(':scope > a') ?? [])]
    const at = tiles.indexOf(document.activeElement as HTMLElement)
    tiles[Math.max(0, Math.min(tiles.length - 1, at + by))]?.focus()
  }
  useShortcut('j', 'Next tile', () => move(1))
  useShortcut('k', 'Tile before', () => move(-1))
  return (
    <section aria-label={label} className="overflow-hidden rounded-lg border border-line">
      <div
        ref={grid}
        className="-mr-px -mb-px grid grid-cols-2 lg:grid-cols-4 [&>*]:border-r [&>*]:border-b [&>*]:border-line"
      >
        {children}
      </div>
    </section>
  )
}
