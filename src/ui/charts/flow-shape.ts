/** The channel that rows flow through: how thick it is where, and where water leaves it. */
export interface FlowStep {
  readonly id: string
  readonly title: string
  readonly about?: string | undefined
  readonly state: 'idle' | 'waiting' | 'running' | 'done' | 'failed'
  readonly rowsIn?: number | undefined
  readonly rowsOut?: number | undefined
  /** Rows kept aside here. */
  readonly aside?: number | undefined
}

export const channel = { height: 72, middle: 34, thickest: 40, thinnest: 3 } as const

/** By the square root, so that a hundredth is still seen; unknown rows flow thin. */
export function thickness(rows: number | undefined, most: number): number {
  if (rows === undefined || most <= 0) return 10
  if (rows === 0) return 1
  return channel.thinnest + (channel.thickest - channel.thinnest) * Math.sqrt(Math.min(1, rows / most))
}

/** One step's stretch of the channel, 100 wide: in from the left, narrowing at the gate, out at the right. */
export function stretch(before: number, after: number): string {
  const { middle } = channel
  const [b, a] = [before / 2, after / 2]
  return (
    `M0 ${r(middle - b)}L38 ${r(middle - b)}C50 ${r(middle - b)} 50 ${r(middle - a)} 62 ${r(middle - a)}L100 ${r(middle - a)}` +
    `L100 ${r(middle + a)}L62 ${r(middle + a)}C50 ${r(middle + a)} 50 ${r(middle + b)} 38 ${r(middle + b)}L0 ${r(middle + b)}Z`
  )
}

/** What is kept aside falls out beneath the gate. */
export function fall(before: number, size: number): string {
  const { middle, height } = channel
  const top = middle + before / 2 - 1
  const half = size / 2
  return `M40 ${r(top)}C50 ${r(top)} ${r(50 - half)} ${r(top + 6)} ${r(50 - half)} ${height}L${r(50 + half)} ${height}C${r(50 + half)} ${r(top + 4)} 56 ${r(top - 3)} 60 ${r(top - 6)}Z`
}

function r(value: number): number {
  return Math.round(value * 10) / 10
}
