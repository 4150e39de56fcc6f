import type { Clock } from '#ports/clock'
import type { Frame } from './frames.ts'
import { frameSequence } from './frame-sequence.ts'
import type { Resume } from './live-question.ts'
import type { Outlet } from './outlet.ts'
import type { ChangedPoint } from './held-points.ts'

/** Who watches one question, and what each of them has got. SPEC.md, invariants 2 to 6. */
export interface Audience {
  add(outlet: Outlet, resume: Resume | undefined): void
  /** Returns whether it was there. */
  remove(outlet: Outlet): boolean
  readonly size: number
  /** Sends the first frame to those who have none yet. */
  welcome(): void
  /** Sends what changed, as one frame for all who are not behind. */
  update(points: readonly ChangedPoint[]): void
  /** Sends a frame that is no part of the numbers, such as an error, whatever waits there. */
  announce(frame: Frame): void
  /** The same, but not to those who do not read. */
  announceToReaders(frame: Frame): void
  /** Sends a last frame to everybody and ends them. */
  dismiss(frame: Frame | undefined, reason: string): void
  /** The outlet took what was waiting. */
  drained(outlet: Outlet): void
  /** Catches up with those who fell behind; gives up, and returns, those who read nothing for too long. */
  sweep(): Outlet[]
  /** Other numbers from here on: what clients hold is replaced whole. */
  newEpoch(): void
}

interface Seat {
  /** The offset its client knows, once what was sent arrives; `undefined` before the first frame. */
  offset: number | undefined
  behindSince: number | undefined
  readonly resume: Resume | undefined
}

const maxBacklogBytes = 64 * 1024
const maxBehindMs = 30_000

/** `points` are those of a snapshot. */
export function audience(clock: Clock, points: () => Iterable<ChangedPoint>): Audience {
  const seats = new Map<Outlet, Seat>()
  const frames = frameSequence(clock, points)

  const send = (outlet: Outlet, seat: Seat, frame: Frame): void => {
    seat.offset = frames.offset()
    seat.behindSince = undefined
    outlet.send(frame)
  }
  const sendFirst = (outlet: Outlet, seat: Seat): void => {
    const { resume } = seat
    const missed = resume && frames.since(resume)
    if (missed === undefined) return send(outlet, seat, frames.snapshot())
    seat.offset = frames.offset()
    for (const frame of missed) outlet.send(frame)
  }
  const catchUp = (outlet: Outlet, seat: Seat): void => {
    if (seat.offset === undefined || seat.offset === frames.offset()) {
      seat.behindSince = undefined
      return
    }
    send(outlet, seat, frames.merged(seat.offset) ?? frames.snapshot())
  }

  return {
    add: (outlet, resume) => void seats.set(outlet, { offset: undefined, behindSince: undefined, resume }),
    remove: (outlet) => seats.delete(outlet),
    get size() {
      return seats.size
    },
    welcome() {
      for (const [outlet, seat] of seats) if (seat.offset === undefined) sendFirst(outlet, seat)
    },
    update(changed) {
      const before = frames.offset()
      const frame = frames.add(changed)
      for (const [outlet, seat] of seats) {
        if (seat.offset === before && seat.behindSince === undefined && outlet.backlog() <= maxBacklogBytes)
          send(outlet, seat, frame)
        else if (seat.offset !== undefined) seat.behindSince ??= clock.now()
      }
    },
    announce(frame) {
      for (const outlet of seats.keys()) outlet.send(frame)
    },
    announceToReaders(frame) {
      for (const outlet of seats.keys()) if (outlet.backlog() <= maxBacklogBytes) outlet.send(frame)
    },
    dismiss(frame, reason) {
      for (const outlet of [...seats.keys()]) {
        if (frame) outlet.send(frame)
        outlet.end(reason)
        seats.delete(outlet)
      }
    },
    drained(outlet) {
      const seat = seats.get(outlet)
      if (seat?.behindSince !== undefined) catchUp(outlet, seat)
    },
    sweep() {
      const gaveUp: Outlet[] = []
      for (const [outlet, seat] of seats) {
        if (seat.behindSince === undefined) continue
        if (outlet.backlog() === 0) catchUp(outlet, seat)
        else if (clock.now() - seat.behindSince > maxBehindMs) gaveUp.push(outlet)
      }
      return gaveUp
    },
    newEpoch() {
      frames.newEpoch()
      for (const seat of seats.values()) seat.offset = undefined
    },
  }
}
