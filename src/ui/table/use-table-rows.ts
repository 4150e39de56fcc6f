import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { useRef, useState, type KeyboardEvent, type RefObject } from 'react'

/** Fingers need more room than a pointer. */
export const rowHeight = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches ? 44 : 32

export interface TableRows {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly virtual: Virtualizer<HTMLDivElement, Element>
  /** The row that Tab reaches. */
  readonly active: number
  readonly setActive: (index: number) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** The rows that are drawn, and the one that has the focus: arrows, `j` and `k` move it, Enter opens it. */
export function useTableRows<Row>(
  rows: readonly Row[],
  height: number,
  onOpen: ((row: Row) => void) | undefined,
  /** Given where rows differ in height: by it a row keeps its height when the order changes. */
  rowKey: ((row: Row, index: number) => string) | undefined,
): TableRows {
  const [active, setActive] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 800, height },
    ...(rowKey === undefined
      ? {}
      : {
          getItemKey: (index: number) => {
            const row = rows[index]
            return row === undefined ? index : rowKey(row, index)
          },
        }),
  })
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setActive(next)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['row'] === undefined) return
    const step = stepOf(event.key, rows.length)
    const row = rows[active]
    if (step !== undefined) move(active + step)
    else if (event.key === 'Enter' && row !== undefined && onOpen !== undefined) onOpen(row)
    else return
    event.preventDefault()
  }
  return { scroller, virtual, active, setActive, onKeyDown }
}

function stepOf(key: string, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: 15,
    PageUp: -15,
    Home: -count,
    End: count,
  }
  return steps[key]
}
