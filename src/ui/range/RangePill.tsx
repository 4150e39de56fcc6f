import { ChevronLeft, ChevronRight, CalendarRange } from 'lucide-react'
import { useState } from 'react'
import { periodNames, type RangeState } from './use-range.ts'
import { nudged, presets, titleOf, zoomed } from './presets.ts'
import { readPasted, readRange } from './grammar.ts'
import { Button } from '../components/Button.tsx'
import { Popover } from '../components/Popover.tsx'
import { Field, TextInput, Select } from '../form/Field.tsx'
import { formatInZone } from '../format/time.ts'
import { useShortcut } from '../keyboard/shortcuts.ts'
import { ZoneSelect } from './ZoneSelect.tsx'

/** The one control of time: range, period and zone, with a step back and forth. All of it in the URL. */
export function RangePill({
  range,
  periods = periodNames,
}: {
  readonly range: RangeState
  readonly periods?: readonly string[]
}) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState<string>()
  const { span, from, to, period, zone, change } = range
  useShortcut('t', 'Choose the range', () => setOpen(true))
  useShortcut('ArrowLeft', 'One range earlier', () => change(nudged(span, -1)))
  useShortcut('ArrowRight', 'One range later', () => change(nudged(span, 1)))
  useShortcut('+', 'Zoom in', () => change(zoomed(span, 0.5)))
  useShortcut('-', 'Zoom out', () => change(zoomed(span, 2)))
  const take = (): void => {
    const pasted = readPasted(typed)
    if (pasted === undefined || readRange(pasted.from, pasted.to, Date.now(), zone) === undefined) {
      setWrong('Write two moments, such as now-6h to now, or 2026-11-01 to 2026-11-20')
      return
    }
    setWrong(undefined)
    setOpen(false)
    change(pasted)
  }
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
        <div className="flex w-[420px] max-w-[calc(100vw-48px)] flex-col gap-4 p-1 sm:flex-row">
          <div className="grid grid-cols-2 gap-x-1 sm:flex sm:w-36 sm:flex-col">
            {presets.map((preset) => (
              <button
                key={preset.title}
                type="button"
                aria-pressed={preset.from === from && preset.to === to}
                className="touch h-7 rounded-md px-2 text-left text-13 text-ink-2 hover:bg-hover aria-pressed:bg-water-soft aria-pressed:font-medium aria-pressed:text-water-ink"
                onClick={() => {
                  change({ from: preset.from, to: preset.to })
                  setOpen(false)
                }}
              >
                {preset.title}
              </button>
            ))}
          </div>
          <form
            className="flex flex-1 flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault()
              take()
            }}
          >
            <Field label="Type a range" about="now-6h to now, now/d, 2026-11-01 to 2026-11-20" error={wrong}>
              {(props) => (
                <TextInput {...props} value={typed} placeholder={`${from} to ${to}`} onChange={setTyped} mono />
              )}
            </Field>
            <Field label="Period of one point">
              {(props) => (
                <Select
                  {...props}
                  value={range.chosenPeriod ?? ''}
                  onChange={(value) => change({ period: value === '' ? undefined : value })}
                  options={[
                    { value: '', title: `As it fits (${period})` },
                    ...periods.map((value) => ({ value, title: value })),
                  ]}
                />
              )}
            </Field>
            <Field label="Time zone">
              {(props) => <ZoneSelect {...props} value={zone} onChange={(value) => change({ zone: value })} />}
            </Field>
            <Button type="submit" tone="primary" className="self-start">
              Use range
            </Button>
          </form>
        </div>
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
