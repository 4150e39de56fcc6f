import { isMillraceError } from '#core/errors'
import type { Clock } from '#ports/clock'
import type { NumbersChanged } from '#modules/metrics'
import type { LiveQuestion, LiveSeries } from './live-question.ts'
import { seriesState } from './series.ts'
import type { ChangedPoint } from './held-points.ts'
import type { LiveSource, SeriesState } from './series.ts'

/** What changed in one line. */
export interface LineUpdate {
  readonly series: LiveSeries
  readonly points: readonly ChangedPoint[]
}

/** The lines of numbers of one question. Of several, one may break (its metric was deleted); the others continue. */
export interface Lines {
  /** Rejects when nothing can be asked; `onBroken` hears of a line that is left out from here on. */
  refresh(onBroken: (error: unknown) => void): Promise<readonly LineUpdate[]>
  points(): Iterable<ChangedPoint>
  /** Returns whether it touches a line. */
  note(event: NumbersChanged): boolean
  /** Anything may have changed. */
  doubt(): void
  dueAt(): number
}

interface Line {
  readonly series: LiveSeries
  readonly state: SeriesState
  broken: boolean
}

export function linesOf(source: LiveSource, question: LiveQuestion, clock: Clock): Lines {
  const lines: Line[] = question.series.map((series) => ({
    series,
    state: seriesState(source, question.reader, series, clock),
    broken: false,
  }))
  const refreshLine = async (line: Line, onBroken: (error: unknown) => void): Promise<LineUpdate> => {
    try {
      return { series: line.series, points: await line.state.refresh() }
    } catch (error) {
      const others = lines.some((other) => other !== line && !other.broken)
      if (!others || !isMillraceError(error) || error.status >= 500) throw error
      line.broken = true
      onBroken(error)
      return { series: line.series, points: [] }
    }
  }
  return {
    refresh: (onBroken) =>
      Promise.all(lines.filter(({ broken }) => !broken).map((line) => refreshLine(line, onBroken))),
    *points() {
      for (const { state } of lines) yield* state.points()
    },
    note(event) {
      const touched = lines.filter(({ series }) => series.code === event.code)
      for (const line of touched) {
        if (event.change !== 'cells') line.broken = false
        if (event.change === 'cells' && event.folded !== undefined) line.state.folded(event.folded.from)
        else line.state.doubt()
      }
      return touched.length > 0
    },
    doubt() {
      for (const { state } of lines) state.doubt()
    },
    dueAt: () => Math.min(...lines.map(({ state, broken }) => (broken ? Infinity : state.dueAt()))),
  }
}
