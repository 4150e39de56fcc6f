export interface SparkPoint {
  readonly at: number
  readonly value: number | null
  /** Still filling: drawn dashed. */
  readonly open: boolean
}

export interface SparkShape {
  readonly line: string
  readonly area: string
  /** The step from the last whole point to the open one. */
  readonly dashed: string
  /** What stands under that step, paler. */
  readonly openArea: string
  readonly end: { readonly x: number; readonly y: number } | undefined
}

/** The line of a sparkline in a box; gaps break it, the open bucket's step stands apart. */
export function sparkShape(points: readonly SparkPoint[], width: number, height: number, pad = 2): SparkShape {
  const known = points.filter((point): point is SparkPoint & { value: number } => point.value !== null)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || known.length === 0)
    return { line: '', area: '', dashed: '', openArea: '', end: undefined }
  const values = known.map(({ value }) => value)
  const [low, high] = [Math.min(0, ...values), Math.max(...values)]
  const x = (at: number): number =>
    last.at === first.at ? width : round(((at - first.at) / (last.at - first.at)) * width)
  const y = (value: number): number =>
    round(high === low ? height - pad : height - pad - ((value - low) / (high - low)) * (height - 2 * pad))
  const whole = known.filter(({ open }) => !open)
  const line = whole.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.at)} ${y(point.value)}`).join('')
  const [start, stop] = [whole[0], whole.at(-1)]
  const area =
    start === undefined || stop === undefined || whole.length < 2
      ? ''
      : `${line}L${x(stop.at)} ${height}L${x(start.at)} ${height}Z`
  const open = known.findLast((point) => point.open)
  const dashed =
    open === undefined || stop === undefined ? '' : `M${x(stop.at)} ${y(stop.value)}L${x(open.at)} ${y(open.value)}`
  const openArea =
    open === undefined || stop === undefined ? '' : `${dashed}L${x(open.at)} ${height}L${x(stop.at)} ${height}Z`
  const tip = open ?? stop
  return { line, area, dashed, openArea, end: tip === undefined ? undefined : { x: x(tip.at), y: y(tip.value) } }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
