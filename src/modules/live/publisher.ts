import { isMillraceError } from '#core/errors'
import type { Clock } from '#ports/clock'
import type { NumbersChanged } from '#modules/metrics'
import { asking } from './asking.ts'
import { audience } from './audience.ts'
import { liveErrors } from './errors.ts'
import { errorFrame } from './frames.ts'
import { linesOf, type LineUpdate } from './lines.ts'
import type { LiveQuestion, LiveSeries, Resume } from './live-question.ts'
import type { Outlet } from './outlet.ts'
import type { ChangedPoint } from './held-points.ts'
import type { LiveSource } from './series.ts'

export interface PublisherOptions {
  readonly source: LiveSource
  readonly question: LiveQuestion
  readonly clock: Clock
  readonly onUpdate?: (series: LiveSeries, points: readonly ChangedPoint[], at: number) => void
  readonly onError?: (error: unknown) => void
}

/** Asks one question again when its answer may have changed, and sends it to all who watch. SPEC.md has the states. */
export interface Publisher {
  readonly question: LiveQuestion
  attach(outlet: Outlet, resume: Resume | undefined): void
  detach(outlet: Outlet): void
  /** The outlet took what was waiting. */
  drained(outlet: Outlet): void
  wake(event: NumbersChanged): void
  /** Once a second: catches up with, or gives up, those who fell behind. */
  sweep(): void
  /** Continues without anybody watching. */
  hold(held: boolean): void
  outlets(): number
  since(): number
  lastUpdateAt(): number | undefined
  /** Since when nobody watches; `undefined` while somebody does or it is held. */
  idleSince(): number | undefined
  stop(): void
}

const idleKeptMs = 60_000

export function publisher({ source, question, clock, onUpdate, onError }: PublisherOptions): Publisher {
  const lines = linesOf(source, question, clock)
  const watchers = audience(clock, () => lines.points())
  const since = clock.now()
  let known = false
  let held = false
  let stopped = false
  let lastUpdateAt: number | undefined
  const presence = presenceAt(source, question, clock)

  const wanted = (): boolean => !stopped && (held || watchers.size > 0)
  const questions = asking({
    clock,
    wanted,
    dueAt: () => lines.dueAt(),
    ask: async () => publish(await lines.refresh((error) => watchers.announce(errorFrame(error)))),
    onFailure: (error, failures) => {
      if (!stopped) fail(error, failures)
    },
  })

  const publish = (updates: readonly LineUpdate[]): void => {
    const now = clock.now()
    const points = updates.flatMap((update) => update.points)
    if (known && points.length > 0) watchers.update(points)
    if (!known || points.length > 0) lastUpdateAt = now
    known = true
    watchers.welcome()
    for (const update of updates) if (update.points.length > 0) onUpdate?.(update.series, update.points, now)
  }
  const fail = (error: unknown, failures: number): void => {
    if (isMillraceError(error) && error.status < 500) {
      watchers.dismiss(errorFrame(error), error.code)
      known = false
      return becomeIdle()
    }
    onError?.(error)
    if (failures === 1) watchers.announceToReaders(errorFrame(liveErrors.live_unavailable({})))
  }
  const becomeIdle = (): void => {
    if (wanted()) return
    presence.leave()
    questions.pause()
  }
  /** While nobody watched, anything may have changed. */
  const becomeBusy = (): void => {
    if (!presence.enter()) return
    questions.markStale()
    lines.doubt()
  }
  const detach = (outlet: Outlet): void => {
    if (watchers.remove(outlet)) becomeIdle()
  }

  return {
    question,
    attach(outlet, resume) {
      const current = known && presence.idleSince() === undefined
      becomeBusy()
      if (!known) questions.resetRest()
      watchers.add(outlet, resume)
      if (current) watchers.welcome()
      questions.plan()
    },
    detach,
    drained: (outlet) => watchers.drained(outlet),
    wake(event) {
      if (!lines.note(event)) return
      if (event.change === 'reloaded') {
        questions.resetRest()
        known = false
        watchers.newEpoch()
      }
      questions.markStale()
      questions.plan()
    },
    sweep() {
      for (const outlet of watchers.sweep()) {
        detach(outlet)
        outlet.cut()
      }
    },
    hold(value) {
      held = value
      if (held) becomeBusy()
      else becomeIdle()
      questions.plan()
    },
    outlets: () => watchers.size,
    since: () => since,
    lastUpdateAt: () => lastUpdateAt,
    idleSince: presence.idleSince,
    stop() {
      stopped = true
      watchers.dismiss(undefined, 'The server stops.')
      questions.pause()
      presence.leave()
    },
  }
}

/** Whether a question is wanted. While it is, rows of its metrics are folded soon after they come. */
interface Presence {
  /** Returns whether nobody was there before. */
  enter(): boolean
  leave(): void
  idleSince(): number | undefined
}

function presenceAt({ metrics }: LiveSource, { reader, series }: LiveQuestion, clock: Clock): Presence {
  let idleSince: number | undefined = clock.now()
  let folding: readonly { close(): void }[] = []
  return {
    enter() {
      if (idleSince === undefined) return false
      idleSince = undefined
      folding = series.map(({ code }) => metrics.watch(reader.workspace, code))
      return true
    },
    leave() {
      idleSince ??= clock.now()
      for (const one of folding) one.close()
      folding = []
    },
    idleSince: () => idleSince,
  }
}

export function isExpired(one: Publisher, now: number): boolean {
  const since = one.idleSince()
  return since !== undefined && now - since > idleKeptMs
}
