/** The channel that rows flow through: how thick it is where, and where water leaves it. */
export interface FlowStep {
  readonly id: string
  readonly title: string
  readonly about?: string | undefined
  readonly state: 'idle' | 'waiting' | 'running' | 'done' | 'failed' | 'skipped'
  readonly rowsIn?: number | undefined
  readonly rowsOut?: number | undefined
  /** Rows rejected here. */
  readonly aside?: number | undefined
}

/** `gate`: how far from the left of a step its gate is; `mouth`: the stretch in which the channel changes its width. */
export const channel = { height: 72, middle: 32, thickest: 44, thinnest: 4, gate: 16, mouth: 40 } as const

/** By the square root, so that a hundredth is still seen; unknown rows flow thin. Even, so that stretches meet on whole pixels. */
export function thickness(rows: number | undefined, maxRows: number): number {
  if (rows === undefined || maxRows <= 0) return 10
  if (rows === 0) return 2
  return (
    2 *
    Math.round((channel.thinnest + (channel.thickest - channel.thinnest) * Math.sqrt(Math.min(1, rows / maxRows))) / 2)
  )
}

/**
 * Rows after each step for drawing. Where a step is one statement with the next ones its rows are not
 * counted apart; its water is drawn as what comes out of that statement, else as what went in.
 */
export function drawnRows(steps: readonly FlowStep[]): (number | undefined)[] {
  return steps.map((step, index) => {
    if (step.rowsOut !== undefined || step.state === 'idle' || step.state === 'waiting' || step.state === 'skipped')
      return step.rowsOut
    const later = steps
      .slice(index + 1)
      .find(({ rowsOut, state }) => rowsOut !== undefined && (state === 'done' || step.state === state))
    return (later ?? steps.slice(0, index).findLast(({ rowsOut }) => rowsOut !== undefined))?.rowsOut
  })
}

/** The mouth of a step: in from the left, wider or narrower at the gate, out at the right. A spring begins at its gate. */
export function mouth(before: number | undefined, after: number): string {
  const { middle, gate, mouth: end } = channel
  const a = after / 2
  if (before === undefined) return `M${gate} ${r(middle - a)}H${end}V${r(middle + a)}H${gate}Z`
  const b = before / 2
  const [from, to] = [gate - 10, gate + 10]
  return (
    `M0 ${r(middle - b)}H${from}C${gate} ${r(middle - b)} ${gate} ${r(middle - a)} ${to} ${r(middle - a)}H${end}` +
    `V${r(middle + a)}H${to}C${gate} ${r(middle + a)} ${gate} ${r(middle + b)} ${from} ${r(middle + b)}H0Z`
  )
}

/** Rejected rows fall from the bed of the channel, beside the gate. */
export function fall(after: number, size: number): string {
  const { middle, gate, height } = channel
  const bed = middle + after / 2
  const [left, right] = [gate + 6 - size / 2, gate + 6 + size / 2]
  const lip = Math.min(bed + 10, height - 4)
  return `M${gate - 4} ${r(bed)}C${r(left)} ${r(bed)} ${r(left)} ${r(lip)} ${r(left)} ${height}H${r(right)}C${r(right)} ${r(lip)} ${r(right)} ${r(bed)} ${gate + 16} ${r(bed)}Z`
}

function r(value: number): number {
  return Math.round(value * 10) / 10
}
