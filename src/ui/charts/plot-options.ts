import uPlot from 'uplot'
import { formatNumber } from '../format/number.ts'
import { formatInZone } from '../format/time.ts'
import { tokenColour, tokenColourAt } from '../theme/token-colour.ts'
import { isolated, type ChartSpec } from './chart-spec.ts'

export interface PlotFrame {
  readonly theme: string
  readonly width: number
  readonly height: number
  readonly axis: (lowest: number, highest: number) => readonly [number, number]
  readonly onCursor: (at: { left: number; index: number } | undefined) => void
  readonly onZoom: (from: number, to: number) => void
  readonly range: () => readonly [number | undefined, number | undefined]
}

const font = '12px "Inter Variable", system-ui, sans-serif'

export function plotOptions(spec: ChartSpec, frame: PlotFrame): uPlot.Options {
  const { theme } = frame
  const quietInk = tokenColour('ink-3', theme)
  const axis = { stroke: quietInk, font, ticks: { show: false } }
  return {
    width: frame.width,
    height: frame.height,
    padding: [8, 24, 0, 0],
    tzDate: (second) => uPlot.tzDate(new Date(second * 1000), spec.zone),
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7, width: 2, fill: tokenColour('canvas', theme) },
      drag: { x: true, y: false, setScale: false },
    },
    scales: {
      x: {
        time: true,
        range: (_, low, high) => [(frame.range()[0] ?? low * 1000) / 1000, (frame.range()[1] ?? high * 1000) / 1000],
      },
      y: {
        range: (_, low, high) => [
          ...frame.axis(Math.min(low ?? 0, spec.target ?? 0), Math.max(high ?? 0, spec.target ?? 0)),
        ],
      },
    },
    axes: [
      { ...axis, size: 28, gap: 8, space: 72, grid: { show: false }, values: timeLabels(spec.zone) },
      {
        ...axis,
        size: 56,
        gap: 8,
        space: 44,
        grid: { stroke: tokenColour('line', theme), width: 1 },
        values: (_, ticks) => ticks.map((tick) => formatNumber(tick, { unit: spec.unit, compact: true })),
      },
    ],
    series: [{}, ...spec.series.flatMap((series, index) => seriesOptions(spec, theme, series.quiet === true, index))],
    hooks: {
      setCursor: [
        (plot) =>
          frame.onCursor(
            plot.cursor.idx === null || plot.cursor.idx === undefined || (plot.cursor.left ?? -1) < 0
              ? undefined
              : { left: (plot.cursor.left ?? 0) + plot.over.offsetLeft, index: plot.cursor.idx },
          ),
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < 8) return
          frame.onZoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000)
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
      draw: spec.target === undefined ? [] : [(plot) => drawTarget(plot, spec.target ?? 0, quietInk)],
    },
  }
}

/** Two for each: the whole points, and the step into the bucket that is still filling. */
function seriesOptions(spec: ChartSpec, theme: string, quiet: boolean, index: number): uPlot.Series[] {
  const token = quiet ? 'ink-3' : `series-${(index % 8) + 1}`
  const colour = quiet ? tokenColourAt(token, theme, 0.55) : tokenColour(token, theme)
  const plain: uPlot.Series = { stroke: colour, width: quiet ? 1.25 : 1.75, points: { show: false }, spanGaps: false }
  if (spec.kind === 'bar') {
    const bars = uPlot.paths.bars?.({ size: [0.72, 40], radius: [0.12, 0] })
    const shape = bars === undefined ? {} : { paths: bars }
    return [
      { ...plain, ...shape, width: 0, fill: quiet ? tokenColourAt(token, theme, 0.2) : colour },
      { ...plain, ...shape, width: 1.25, dash: [4, 3], fill: tokenColourAt(token, theme, 0.15) },
    ]
  }
  const alone = spec.series.filter((one) => one.quiet !== true).length === 1
  const fill = !quiet && spec.kind === 'area' && alone ? { fill: (plot: uPlot) => depth(plot, token, theme) } : {}
  // A point between two gaps has no line to stand on.
  const lone: uPlot.Series.Points = {
    show: true,
    size: quiet ? 4 : 6,
    fill: colour,
    filter: (plot, number) => isolated((plot.data[number] ?? []) as (number | null)[]),
  }
  return [
    { ...plain, ...fill, points: lone },
    {
      ...plain,
      dash: [4, 4],
      points: { show: !quiet, size: 6, fill: colour, filter: (plot, number) => lastOf(plot.data[number]) },
    },
  ]
}

function lastOf(column: uPlot.AlignedData[number] | undefined): number[] {
  const last =
    column === undefined
      ? -1
      : (column as (number | null)[]).findLastIndex((value) => value !== null && value !== undefined)
  return last < 0 ? [] : [last]
}

/** Water: denser at the surface. */
function depth(plot: uPlot, token: string, theme: string): CanvasGradient | string {
  const { top, height } = plot.bbox
  if (!Number.isFinite(top) || !Number.isFinite(height)) return tokenColourAt(token, theme, 0.1)
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height)
  gradient.addColorStop(0, tokenColourAt(token, theme, 0.26))
  gradient.addColorStop(1, tokenColourAt(token, theme, 0.03))
  return gradient
}

function drawTarget(plot: uPlot, target: number, colour: string): void {
  const { ctx, bbox } = plot
  const y = plot.valToPos(target, 'y', true)
  ctx.save()
  ctx.strokeStyle = colour
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.restore()
}

const dayStep = 86_400
const monthStep = 27 * dayStep

/** What uPlot calls the labels of an axis with; the last one is the distance of two ticks. */
type TickLabels = [plot: uPlot, ticks: number[], axis: number, space: number, step: number]

/** Times of day inside a day, days beyond, months beyond that; the day where it changes. */
function timeLabels(zone: string) {
  const show = (second: number, options: Intl.DateTimeFormatOptions): string =>
    formatInZone(second * 1000, zone, options)
  return (...[, ticks, , , step]: TickLabels): string[] => {
    let dayBefore = ''
    return ticks.map((second) => {
      const day = show(second, { day: 'numeric', month: 'short' })
      if (step >= monthStep) return show(second, { month: 'short', year: '2-digit' })
      if (step >= dayStep) return day
      const changes = dayBefore !== '' && dayBefore !== day
      dayBefore = day
      return changes ? day : show(second, { hour: '2-digit', minute: '2-digit', hour12: false })
    })
  }
}
