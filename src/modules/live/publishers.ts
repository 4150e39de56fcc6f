import type { Reader } from '#modules/datasets'
import type { Clock } from '#ports/clock'
import type { NumbersChanged } from '#modules/metrics'
import { liveErrors } from './errors.ts'
import type { Outlet } from './outlet.ts'
import { isExpired, publisher } from './publisher.ts'
import type { Publisher, PublisherOptions } from './publisher.ts'
import { keyOfQuestion } from './live-question.ts'
import type { LiveQuestion, Resume } from './live-question.ts'
import type { LiveSource } from './series.ts'
import { workspaceWatchers } from './workspace-watchers.ts'

/** One publisher per question that somebody watches. */
export interface Publishers {
  /** Answers how to leave again, and what to call when the outlet took what was waiting. */
  watch(question: LiveQuestion, outlet: Outlet, resume: Resume | undefined): Watching
  /** Keeps a question going without anybody watching, until let go. */
  hold(question: LiveQuestion): void
  release(question: LiveQuestion): void
  /** Resolves when somebody watches a question of the workspace. */
  whenWatched(workspace: string, signal: AbortSignal): Promise<void>
  wake(event: NumbersChanged): void
  list(): readonly Publisher[]
  stop(): void
}

export interface Watching {
  leave(): void
  drained(): void
}

export interface PublishersOptions {
  readonly source: LiveSource
  readonly clock: Clock
  readonly onUpdate?: (reader: Reader, ...update: Parameters<NonNullable<PublisherOptions['onUpdate']>>) => void
  readonly onError?: (error: unknown) => void
}

export function livePublishers(options: PublishersOptions): Publishers {
  const kept = new Map<string, Publisher>()
  const watchers = workspaceWatchers()
  const obtain = (question: LiveQuestion): Publisher => {
    const key = keyOfQuestion(question)
    const there = kept.get(key)
    if (there !== undefined) return there
    if (kept.size >= maxQuestions) throw liveErrors.too_many_questions({ max: maxQuestions })
    const { source, clock, onError, onUpdate } = options
    const made = publisher({
      source,
      question,
      clock,
      ...(onError === undefined ? {} : { onError }),
      ...(onUpdate === undefined ? {} : { onUpdate: (...update) => onUpdate(question.reader, ...update) }),
    })
    kept.set(key, made)
    return made
  }
  const sweeping = options.clock.every(1000, () => {
    const now = options.clock.now()
    for (const [key, one] of kept) {
      one.sweep()
      if (!isExpired(one, now)) continue
      one.stop()
      kept.delete(key)
    }
  })
  return {
    watch(question, outlet, resume) {
      const one = obtain(question)
      one.attach(outlet, resume)
      const { workspace } = question.reader
      watchers.enter(workspace)
      return {
        leave: () => {
          one.detach(outlet)
          watchers.leave(workspace)
        },
        drained: () => one.drained(outlet),
      }
    },
    whenWatched: watchers.whenPresent,
    hold: (question) => obtain(question).hold(true),
    release: (question) => kept.get(keyOfQuestion(question))?.hold(false),
    wake(event) {
      for (const one of kept.values()) if (one.question.reader.workspace === event.workspace) one.wake(event)
    },
    list: () => [...kept.values()],
    stop() {
      sweeping.stop()
      for (const one of kept.values()) one.stop()
      kept.clear()
    },
  }
}

const maxQuestions = 5000
