import { useState } from 'react'
import { formatExact, formatNumber } from '../format/number.ts'
import { formatPeriod } from '../format/time.ts'
import { aligned, type ChartSpec } from './chart-spec.ts'

export interface TipPlace {
  readonly left: number
  readonly index: number
}

export function useTip(): [TipPlace | undefined, (place: TipPlace | undefined) => void] {
  return useState<TipPlace>()
}

/** The values under the pointer. */
export function Tip({ tip, spec }: { readonly tip: TipPlace | undefined; readonly spec: ChartSpec }) {
  if (tip === undefined) return null
  const at = aligned(spec.series, spec.kind).times[tip.index]
  if (at === undefined) return null
  const lines = spec.series.flatMap(({ name, points, quiet }, index) => {
    const point = points.find((one) => one.at === at)
    return point === undefined
      ? []
      : [{ name, point, colour: quiet === true ? 'var(--ink-3)' : `var(--series-${(index % 8) + 1})` }]
  })
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-0 z-10 min-w-36 rounded-md bg-raised px-3 py-2 text-12 shadow-float"
      style={{ left: tip.left, transform: tip.left > 320 ? 'translateX(calc(-100% - 12px))' : 'translateX(12px)' }}
    >
      <p className="mb-1 text-ink-3">
        {formatPeriod(at, spec.period, spec.zone)}
        {lines.some(({ point }) => point.state === 'open') && ' · partial'}
      </p>
      {lines.map(({ name, point, colour }) => (
        <p key={name} className="flex items-center gap-2 whitespace-nowrap">
          <span className="size-2 rounded-full" style={{ background: colour }} />
          <span className="text-ink-2">{name}</span>
          <span className="figures ml-auto font-medium" title={formatExact(point.value, spec.unit)}>
            {formatNumber(point.value, { unit: spec.unit })}
          </span>
        </p>
      ))}
    </div>
  )
}
