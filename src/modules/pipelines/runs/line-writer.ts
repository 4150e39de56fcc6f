import type { Clock } from '#ports/clock'
import type { LogLine, RunLog } from './run-log.ts'

const maxLines = 2_000
/** Of a rolling log, so that one page of its lines holds it all. */
const rolled = { first: 20, newest: 700, every: 200 } as const

export interface LineWriter {
  readonly add: (level: LogLine['level'], message: string) => void
  /** Writes down what was added since the last time. */
  readonly write: () => Promise<void>
}

export interface LinesOf {
  readonly workspace: string
  /** The run. */
  readonly id: string
  /** The number of the last line that is there already. */
  readonly firstLine?: number
  /** Keeps the first lines and the newest, where others keep the first. */
  readonly rolling?: boolean
}

/** The lines of a run's log, kept in memory until they are written down. */
export function lineWriter(run: LinesOf, parts: { store: RunLog; clock: Clock }): LineWriter {
  const rolling = run.rolling === true
  let lines: LogLine[] = []
  let number = run.firstLine ?? 0
  let trimmed = number

  async function trim(): Promise<void> {
    if (!rolling || number - trimmed < rolled.every) return
    trimmed = number
    await parts.store.forgetLines(run.workspace, run.id, { after: rolled.first, upto: number - rolled.newest })
  }

  return {
    add: (level, message) => {
      number += 1
      if (number > maxLines && !rolling) return
      const last = number === maxLines && !rolling
      lines.push({
        number,
        at: new Date(parts.clock.now()).toISOString(),
        level,
        message: last ? 'There is more, which is not kept.' : message.slice(0, 4000),
      })
    },
    write: async () => {
      const batch = lines
      lines = []
      await Promise.all([parts.store.log(run.workspace, run.id, batch), trim()])
    },
  }
}
