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
  /** The area under that step, paler. */
  readonly openArea: string
  readonly end: { readonly x: number; readonly y: number } | undefined
}

/** The line of a sparkline in a box; gaps break it, the open bucket's step is separate. */
export function sparkShape(points: readonly SparkPoint[], width: number, height: number, pad = 2): SparkShape {
  const known = points.filter((point): point is SparkPoint & { value: number } => point.value !== null)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || known.length === 0)
    return { line: '', area: '', dashed: '', openArea: '', end: undefined }
  const values = known.map(({ value }) => value)
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const x = (at: number): number =>
    last.at === first.at ? width : round(((at - first.at) / (last.at - first.at)) * width)
  const y = (value: number): number =>
    round(high === low ? height - pad : height - pad - ((value - low) / (high - low)) * (height - 2 * pad))
  // Water stands on zero: on the lower edge, unless there are values below it.
  const floor = low < 0 ? y(0) : height
  const whole = known.filter(({ open }) => !open)
  const lines = stretchesOf(points).map((stretch) => ({
    path:
      stretch.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.at)} ${y(point.value)}`).join('') +
      (stretch.length === 1 ? 'h0' : ''),
    from: x(stretch[0]!.at),
    to: x(stretch.at(-1)!.at),
    length: stretch.length,
  }))
  const line = lines.map(({ path }) => path).join('')
  const area = lines
    .filter(({ length }) => length > 1)
    .map(({ path, from, to }) => `${path}L${to} ${floor}L${from} ${floor}Z`)
    .join('')
  const stop = whole.at(-1)
  const open = known.findLast((point) => point.open)
  const dashed =
    open === undefined || stop === undefined ? '' : `M${x(stop.at)} ${y(stop.value)}L${x(open.at)} ${y(open.value)}`
  const openArea =
    open === undefined || stop === undefined ? '' : `${dashed}L${x(open.at)} ${floor}L${x(stop.at)} ${floor}Z`
  const tip = open ?? stop
  return { line, area, dashed, openArea, end: tip === undefined ? undefined : { x: x(tip.at), y: y(tip.value) } }
}

type KnownPoint = SparkPoint & { readonly value: number }

/** Runs of whole points without a gap between. */
function stretchesOf(points: readonly SparkPoint[]): KnownPoint[][] {
  const stretches: KnownPoint[][] = []
  let current: KnownPoint[] | undefined
  for (const { at, value, open } of points) {
    if (open) continue
    if (value === null) current = undefined
    else if (current === undefined) stretches.push((current = [{ at, value, open }]))
    else current.push({ at, value, open })
  }
  return stretches
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
