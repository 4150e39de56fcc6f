import { ChevronLeft, ChevronRight, CalendarRange } from 'lucide-react'
import { useState } from 'react'
import { periodNames } from '#core/period'
import type { RangeState } from './use-range.ts'
import { nudged, titleOf, zoomed } from './presets.ts'
import { Button } from '../components/Button.tsx'
import { Popover } from '../components/Popover.tsx'
import { formatInZone } from '../format/time.ts'
import { useShortcut } from '../keyboard/shortcuts.ts'
import { RangeChooser } from './RangeChooser.tsx'

/** The one control of time: range, period and zone, with a step back and forth. All of it in the URL. */
export function RangePill({
  range,
  periods = periodNames,
}: {
  readonly range: RangeState
  readonly periods?: readonly string[]
}) {
  const [open, setOpen] = useState(false)
  const { span, from, to, period, zone, change } = range
  useShortcut('t', 'Choose the range', () => setOpen(true))
  useShortcut('ArrowLeft', 'One range earlier', () => change(nudged(span, -1)))
  useShortcut('ArrowRight', 'One range later', () => change(nudged(span, 1)))
  useShortcut('+', 'Zoom in', () => change(zoomed(span, 0.5)))
  useShortcut('-', 'Zoom out', () => change(zoomed(span, 2)))
  return (
    <div className="inline-flex h-8 items-center rounded-full border border-line-strong bg-raised max-md:h-11">
      <Button
        tone="quiet"
        label="One range earlier"
        icon={<ChevronLeft size={15} />}
        className="rounded-full"
        onClick={() => change(nudged(span, -1))}
      />
      <Popover
        open={open}
        onOpenChange={setOpen}
        label="Range, period and zone"
        trigger={
          <button type="button" className="touch flex h-full items-center gap-2 px-1 text-13 font-medium">
            <CalendarRange size={14} className="text-ink-3" aria-hidden="true" />
            <span className="figures">{titleOf(from, to, (text) => described(text, zone))}</span>
            <span className="text-ink-3 max-sm:sr-only">{`by ${period}`}</span>
          </button>
        }
      >
        <RangeChooser range={range} periods={periods} onChosen={() => setOpen(false)} />
      </Popover>
      <Button
        tone="quiet"
        label="One range later"
        icon={<ChevronRight size={15} />}
        className="rounded-full"
        onClick={() => change(nudged(span, 1))}
      />
    </div>
  )
}

function described(text: string, zone: string): string {
  const instant = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(instant)) return text
  return formatInZone(instant, zone, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
}
