import { randomBytes } from 'node:crypto'
import { isMillraceError } from '#core/errors'
import type { MillraceError } from '#core/errors'
import type { Clock } from '#ports/clock'
import { liveErrors } from './errors.ts'
import type { MetricChanged } from '#modules/metrics'
import { errorFrame, pointsFrame } from './frames.ts'
import type { Frame } from './frames.ts'
import { frameHistory, newest } from './frame-history.ts'
import type { Outlet } from './outlet.ts'
import type { LiveQuestion, LiveSeries, Resume } from './live-question.ts'
import { seriesState } from './series.ts'
import type { Changed, LiveSource } from './series.ts'

export interface PublisherOptions {
  readonly source: LiveSource
  readonly question: LiveQuestion
  readonly clock: Clock
  readonly onUpdate?: (series: LiveSeries, points: readonly Changed[], at: number) => void
  readonly onError?: (error: unknown) => void
}

/** Asks one question again when its answer may have changed, and tells all who watch. SPEC.md has the states. */
export interface Publisher {
  readonly question: LiveQuestion
  attach(outlet: Outlet, resume: Resume | undefined): void
  detach(outlet: Outlet): void
  /** The outlet took what was waiting. */
  drained(outlet: Outlet): void
  wake(event: MetricChanged): void
  /** Once a second: catches up with, or gives up, those who fell behind. */
  sweep(): void
  /** Goes on without anybody watching. */
  hold(held: boolean): void
  outlets(): number
  since(): number
  lastUpdateAt(): number | undefined
  stop(): void
}

interface Seat {
  /** The offset its client knows, once what was sent arrives; `undefined` before the first frame. */
  offset: number | undefined
  behindSince: number | undefined
  readonly resume: Resume | undefined
}

export const shortestMs = 250
const idleKeptMs = 60_000
const backlogBytes = 64 * 1024
const behindMs = 30_000

export function publisher({
  source,
  question,
  clock,
  onUpdate,
  onError,
}: PublisherOptions): Publisher & { idleSince(): number | undefined } {
  const series = question.series.map((one) => ({
    one,
    state: seriesState(source, question.workspace, one, clock),
    broken: false,
  }))
  const seats = new Map<Outlet, Seat>()
  const history = frameHistory()
  const since = clock.now()
  let epoch = newEpoch()
  let offset = 0
  let known = false
  let held = false
  let stopped = false
  let stale = true
  let idleSince: number | undefined = since
  let lastUpdateAt: number | undefined
  let asking = false
  let askedAt = 0
  let pauseMs = shortestMs
  let failures = 0
  let timer: { at: number; abort: AbortController } | undefined
  let snapshot: { offset: number; frame: Frame } | undefined
  let merged = new Map<number, Frame>()

  const wanted = (): boolean => !stopped && (held || seats.size > 0)

  const plan = (at: number): void => {
    if (!wanted() || asking || (timer !== undefined && timer.at <= at)) return
    timer?.abort.abort()
    const own = { at, abort: new AbortController() }
    timer = own
    clock.sleep(Math.min(Math.max(0, at - clock.now()), 3_600_000), own.abort.signal).then(
      () => {
        if (timer === own) timer = undefined
        void ask()
      },
      () => undefined,
    )
  }
  const planNext = (): void => {
    const due = Math.min(
      stale ? 0 : Infinity,
      ...series.map(({ state, broken }) => (broken ? Infinity : state.dueAt() + 5)),
    )
    if (due !== Infinity) plan(Math.max(due, askedAt + pauseMs))
  }

  const ask = async (): Promise<void> => {
    if (asking || !wanted()) return
    asking = true
    stale = false
    askedAt = clock.now()
    try {
      const changed = await Promise.all(series.filter(({ broken }) => !broken).map(refreshed))
      failures = 0
      publish(changed)
    } catch (error) {
      if (!stopped) fail(error)
    } finally {
      asking = false
      // A slow question is asked less often: at most half of the time is spent asking.
      pauseMs = failures > 0 ? Math.min(10_000, 500 * 2 ** failures) : Math.max(shortestMs, 2 * (clock.now() - askedAt))
      planNext()
    }
  }

  /** Of several lines one may break (its metric was deleted); the others go on. */
  const refreshed = async (part: (typeof series)[number]): Promise<{ one: LiveSeries; points: readonly Changed[] }> => {
    try {
      return { one: part.one, points: await part.state.refresh() }
    } catch (error) {
      const others = series.some((other) => other !== part && !other.broken)
      if (!others || !isMillraceError(error) || error.status >= 500) throw error
      part.broken = true
      const frame = errorFrame(error)
      for (const outlet of seats.keys()) outlet.send(frame)
      return { one: part.one, points: [] }
    }
  }

  const publish = (changed: readonly { one: LiveSeries; points: readonly Changed[] }[]): void => {
    const now = clock.now()
    const points = changed.flatMap((part) => part.points)
    if (known && points.length > 0) {
      offset += 1
      merged = new Map()
      const frame = pointsFrame(
        'update',
        { epoch, offset },
        now,
        points.map(({ json }) => json),
      )
      history.add({ offset, frame, points })
      for (const [outlet, seat] of seats) {
        if (seat.offset === offset - 1 && seat.behindSince === undefined && outlet.backlog() <= backlogBytes)
          send(outlet, seat, frame)
        else if (seat.offset !== undefined) seat.behindSince ??= now
      }
    }
    if (!known || points.length > 0) lastUpdateAt = now
    known = true
    for (const [outlet, seat] of seats) if (seat.offset === undefined) greet(outlet, seat)
    if (onUpdate) for (const part of changed) if (part.points.length > 0) onUpdate(part.one, part.points, now)
  }
  const fail = (error: unknown): void => {
    stale = true
    failures += 1
    if (isMillraceError(error) && error.status < 500) return refuse(error)
    onError?.(error)
    if (failures === 1) {
      const frame = errorFrame(liveErrors.live_unavailable({}))
      for (const outlet of seats.keys()) if (outlet.backlog() <= backlogBytes) outlet.send(frame)
    }
  }
  const refuse = (error: MillraceError): void => {
    const frame = errorFrame(error)
    for (const outlet of [...seats.keys()]) {
      outlet.send(frame)
      outlet.end(error.code)
      detach(outlet)
    }
    known = false
  }

  const send = (outlet: Outlet, seat: Seat, frame: Frame): void => {
    seat.offset = offset
    seat.behindSince = undefined
    outlet.send(frame)
  }
  const wholeFrame = (): Frame => {
    if (snapshot?.offset !== offset) {
      snapshot = {
        offset,
        frame: pointsFrame(
          'snapshot',
          { epoch, offset },
          clock.now(),
          series.flatMap(({ state }) => [...state.points()].map(({ json }) => json)),
        ),
      }
    }
    return snapshot.frame
  }
  const greet = (outlet: Outlet, seat: Seat): void => {
    const { resume } = seat
    const missed = resume?.epoch === epoch ? history.after(resume.offset) : undefined
    if (missed === undefined) return send(outlet, seat, wholeFrame())
    seat.offset = offset
    for (const { frame } of missed) outlet.send(frame)
  }
  /** One frame with the newest of everything missed, never the queue of it. */
  const catchUp = (outlet: Outlet, seat: Seat): void => {
    if (seat.offset === undefined || seat.offset === offset) {
      seat.behindSince = undefined
      return
    }
    const missed = history.after(seat.offset)
    if (missed === undefined) return send(outlet, seat, wholeFrame())
    let frame = merged.get(seat.offset)
    if (frame === undefined) {
      frame = pointsFrame('update', { epoch, offset }, clock.now(), newest(missed))
      merged.set(seat.offset, frame)
    }
    send(outlet, seat, frame)
  }

  const detach = (outlet: Outlet): void => {
    if (!seats.delete(outlet) || wanted()) return
    idleSince = clock.now()
    timer?.abort.abort()
    timer = undefined
  }

  return {
    question,
    attach(outlet, resume) {
      const seat: Seat = { offset: undefined, behindSince: undefined, resume }
      const current = known && idleSince === undefined
      if (idleSince !== undefined) {
        stale = true
        for (const { state } of series) state.doubt()
      }
      idleSince = undefined
      if (!known) pauseMs = shortestMs
      seats.set(outlet, seat)
      if (current) greet(outlet, seat)
      planNext()
    },
    detach,
    drained(outlet) {
      const seat = seats.get(outlet)
      if (seat?.behindSince !== undefined) catchUp(outlet, seat)
    },
    wake(event) {
      const mine = series.filter(({ one }) => one.code === event.code)
      if (mine.length === 0) return
      for (const part of mine) if (event.change !== 'cells') part.broken = false
      if (event.change === 'definition' || event.change === 'removed') {
        // Other numbers from here on: what clients hold is replaced whole.
        pauseMs = shortestMs
        epoch = newEpoch()
        offset = 0
        known = false
        history.clear()
        snapshot = undefined
        for (const seat of seats.values()) seat.offset = undefined
      }
      for (const { state } of mine) {
        if (event.change === 'cells' && event.folded !== undefined) state.folded(event.folded.from)
        else state.doubt()
      }
      stale = true
      planNext()
    },
    sweep() {
      const now = clock.now()
      for (const [outlet, seat] of seats) {
        if (seat.behindSince === undefined) continue
        if (outlet.backlog() === 0) catchUp(outlet, seat)
        else if (now - seat.behindSince > behindMs) {
          detach(outlet)
          outlet.cut()
        }
      }
    },
    hold(value) {
      held = value
      if (held && idleSince !== undefined) {
        idleSince = undefined
        stale = true
        for (const { state } of series) state.doubt()
      }
      if (!wanted()) idleSince ??= clock.now()
      planNext()
    },
    outlets: () => seats.size,
    since: () => since,
    lastUpdateAt: () => lastUpdateAt,
    idleSince: () => idleSince,
    stop() {
      for (const outlet of [...seats.keys()]) {
        outlet.end('The server stops.')
        seats.delete(outlet)
      }
      stopped = true
      timer?.abort.abort()
    },
  }
}

export function spent(one: { idleSince(): number | undefined }, now: number): boolean {
  const since = one.idleSince()
  return since !== undefined && now - since > idleKeptMs
}

function newEpoch(): string {
  return randomBytes(9).toString('base64url')
}
