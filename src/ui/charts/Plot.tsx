import { useEffect, useLayoutEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useTheme } from '../theme/theme.ts'
import { aligned, axisRange, type ChartSpec } from './chart-spec.ts'
import { plotOptions } from './plot-options.ts'
import { Tip, useTip } from './Tip.tsx'

/** The drawing itself. Data is swapped in place; only another shape or theme builds the plot anew. */
export function Plot({
  spec,
  height,
  onZoom,
}: {
  readonly spec: ChartSpec
  readonly height: number
  readonly onZoom?: ((from: number, to: number) => void) | undefined
}) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const held = useRef<readonly [number, number]>(undefined)
  const zoom = useRef(onZoom)
  const { shown } = useTheme()
  const [tip, showTip] = useTip()
  const latest = useRef(spec)
  latest.current = spec
  zoom.current = onZoom
  const shape = JSON.stringify([
    spec.kind,
    spec.zone,
    spec.unit,
    spec.period,
    spec.series.map(({ name, quiet }) => [name, quiet]),
    spec.target,
    shown,
  ])

  useLayoutEffect(() => {
    const node = place.current
    if (node === null) return undefined
    held.current = undefined
    const made = new uPlot(
      plotOptions(latest.current, {
        theme: shown,
        width: node.clientWidth,
        height,
        axis: (low, high) => (held.current = axisRange(held.current, low, high)),
        onCursor: showTip,
        onZoom: (from, to) => zoom.current?.(from, to),
        range: () => [latest.current.from, latest.current.to],
      }),
      dataOf(latest.current),
      node,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: node.clientWidth, height }))
    observer.observe(node)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shape, height])

  useEffect(() => plot.current?.setData(dataOf(spec)), [spec])

  return (
    <div ref={place} className="relative" style={{ height }}>
      <Tip tip={tip} spec={spec} />
    </div>
  )
}

function dataOf(spec: ChartSpec): uPlot.AlignedData {
  const { times, whole, open } = aligned(spec.series, spec.kind)
  const columns = spec.series.flatMap((_, index) => [whole[index] ?? [], open[index] ?? []])
  return [times.map((at) => at / 1000), ...columns] as uPlot.AlignedData
}
