import { randomBytes } from 'node:crypto'
import type { Clock } from '#ports/clock'
import { frameHistory, newest } from './frame-history.ts'
import { pointsFrame, type Frame, type FramePosition } from './frames.ts'
import type { ChangedPoint } from './held-points.ts'

/** The frames of one question: numbered within an epoch, each made once for all who get it. */
export interface FrameSequence {
  /** Of the last frame. */
  offset(): number
  /** All points as they are now. */
  snapshot(): Frame
  add(points: readonly ChangedPoint[]): Frame
  /** The frames after a place, or nothing where it is of another epoch or too far back. */
  since(place: FramePosition): Frame[] | undefined
  /** One frame with the newest of everything after an offset, or nothing where that is too far back. */
  merged(offset: number): Frame | undefined
  /** Other numbers from here on. */
  newEpoch(): void
}

/** `points` are those of a snapshot. */
export function frameSequence(clock: Clock, points: () => Iterable<ChangedPoint>): FrameSequence {
  const history = frameHistory()
  let epoch = randomEpoch()
  let offset = 0
  let snapshot: { offset: number; frame: Frame } | undefined
  let merged = new Map<number, Frame>()

  const frameOf = (type: 'snapshot' | 'update', json: readonly string[]): Frame =>
    pointsFrame(type, { epoch, offset }, clock.now(), json)
  const textsOf = (all: Iterable<ChangedPoint>): string[] => [...all].map(({ json }) => json)

  return {
    offset: () => offset,
    snapshot() {
      if (snapshot?.offset !== offset) snapshot = { offset, frame: frameOf('snapshot', textsOf(points())) }
      return snapshot.frame
    },
    add(changed) {
      offset += 1
      merged = new Map()
      const frame = frameOf('update', textsOf(changed))
      history.add({ offset, frame, points: changed })
      return frame
    },
    since: (place) => (place.epoch === epoch ? history.after(place.offset)?.map(({ frame }) => frame) : undefined),
    merged(after) {
      const missed = history.after(after)
      if (missed === undefined) return undefined
      const frame = merged.get(after) ?? frameOf('update', newest(missed))
      merged.set(after, frame)
      return frame
    },
    newEpoch() {
      epoch = randomEpoch()
      offset = 0
      history.clear()
      snapshot = undefined
    },
  }
}

function randomEpoch(): string {
  return randomBytes(9).toString('base64url')
}
