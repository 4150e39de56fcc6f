import type { ReactNode } from 'react'

/** Tiles side by side in one frame, parted by hairlines; a row that is not full stays open. */
export function TileGrid({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section aria-label={label} className="overflow-hidden rounded-lg border border-line">
      <div className="-mr-px -mb-px grid grid-cols-2 lg:grid-cols-4 [&>*]:border-r [&>*]:border-b [&>*]:border-line">{children}</div>
    </section>
  )
}
