import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Field, Select, TextInput } from '../form/Field.tsx'
import { readPasted, readRange } from './grammar.ts'
import { presets } from './presets.ts'
import type { RangeState } from './use-range.ts'
import { ZoneSelect } from './ZoneSelect.tsx'

/** A range from the list or typed, the period of one point, and the zone. */
export function RangeChooser({
  range,
  periods,
  onChosen,
}: {
  readonly range: RangeState
  readonly periods: readonly string[]
  readonly onChosen: () => void
}) {
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState<string>()
  const { from, to, period, zone, change } = range
  const take = (): void => {
    const pasted = readPasted(typed)
    if (pasted === undefined || readRange(pasted.from, pasted.to, Date.now(), zone) === undefined) {
      setWrong('Write two moments, such as now-6h to now, or 2026-11-01 to 2026-11-20')
      return
    }
    setWrong(undefined)
    onChosen()
    change(pasted)
  }
  return (
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
              onChosen()
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
          {(props) => <TextInput {...props} value={typed} placeholder={`${from} to ${to}`} onChange={setTyped} mono />}
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
  )
}
