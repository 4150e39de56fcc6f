/**
 * The log of a run that lasts for days, slice after slice: a statement is written there once and again
 * when it changes, what was loaded at most once a minute, so that what matters can be found.
 */
import { countText } from '#core/count-text'
import type { Clock } from '#ports/clock'
import type { Recorder } from '../runs/recorder.ts'

export interface SliceLog {
  /** What a slice writes down with. */
  readonly recorder: Recorder
  /** Before and after each slice: what it loaded is added up. */
  begin(): void
  done(): void
  /** Writes what was added up, if a minute has passed since the last time; returns whether it did. */
  due(): boolean
  /** Writes what was added up. */
  flush(): void
}

const everyMs = 60_000
const maxShapes = 100

export function sliceLog(record: Recorder, clock: Clock): SliceLog {
  const written = new Map<string, number>()
  const nothing = { slices: 0, read: 0, written: 0, quarantined: 0 }
  let sum = nothing
  let before = record.state()
  let loggedAt = -everyMs

  const flush = (): void => {
    if (sum.written + sum.quarantined === 0) return
    const aside = sum.quarantined === 0 ? '' : `, ${sum.quarantined} rejected`
    const slices = sum.slices === 1 ? '' : `, in ${sum.slices} slices`
    record.log('info', `Loaded ${countText(sum.written, 'row')} of ${sum.read} read${aside}${slices}.`)
    sum = nothing
    loggedAt = clock.now()
  }
  const due = (): boolean => {
    if (sum.written + sum.quarantined === 0 || clock.now() - loggedAt < everyMs) return false
    flush()
    return true
  }
  return {
    recorder: {
      ...record,
      log: (level, message) => {
        // Slices differ in their positions and counts only.
        const shape = `${level} ${message.replaceAll(/\d+/g, '#')}`
        const last = written.get(shape)
        if (last !== undefined && (level === 'info' || clock.now() - last < everyMs)) return
        written.delete(shape)
        written.set(shape, clock.now())
        if (written.size > maxShapes) written.delete(written.keys().next().value ?? '')
        record.log(level, message)
      },
    },
    begin: () => {
      before = record.state()
    },
    done: () => {
      const now = record.state()
      sum = {
        slices: sum.slices + 1,
        read: sum.read + now.read - before.read,
        written: sum.written + now.written - before.written,
        quarantined: sum.quarantined + now.quarantined - before.quarantined,
      }
      due()
    },
    due,
    flush,
  }
}
