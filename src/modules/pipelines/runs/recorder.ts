/** What a run is doing now: kept in memory, written down now and then, sent to whoever listens. */
import type { Clock } from '#ports/clock'
import type { RunError, RunStep } from '../contract.ts'
import { lineWriter } from './line-writer.ts'
import type { LineWriter } from './line-writer.ts'
import type { RunState, RunStore } from './run-store.ts'

export interface Recorder {
  begin(step: number): void
  /** Steps that are one statement end together: those before `step` that run still end with it. */
  pass(step: number, done?: { readonly rows?: number; readonly bytes?: number; readonly message?: string }): void
  fail(step: number, message: string): void
  count(counts: Partial<Counts>): void
  /** From here on, until the next step begins, what the engine writes goes into the destination; before, into stages. */
  loading(): void
  /** What the engine says while a statement runs: never lowers a count, so a late word about tidying up takes nothing back. */
  progress(seen: { readonly read: number; readonly written: number }): void
  /** Returns the counts so far, and adds later counts to them; or to the counts given, when work is repeated. */
  base(again?: Counts): Counts
  readonly log: LineWriter['add']
  flush(): Promise<void>
  state(): RunState
  /** The step at work. */
  current(): number
}

export type Counts = Omit<RunState, 'steps'>

export interface Progress extends RunState {
  readonly runId: string
  readonly status: 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly rowsPerSecond: number
  readonly error?: RunError
}

const flushEveryMs = 1_000

/** A `rolling` log keeps its first lines and the newest, where others keep the first. */
export function recorder(
  run: {
    workspace: string
    id: string
    steps: readonly RunStep[]
    counts?: Counts
    firstLine?: number
    rolling?: boolean
  },
  parts: { store: RunStore; clock: Clock; tell: (progress: Progress) => void },
): Recorder {
  const steps = run.steps.map((step) => ({ ...step }))
  let counts = run.counts ?? { read: 0, written: 0, quarantined: 0, bytes: 0 }
  let earlier = { read: 0, written: 0, quarantined: 0, bytes: 0 }
  const lines = lineWriter(run, parts)
  let current = 0
  let loading = false
  let written = parts.clock.now()
  let flushing: Promise<void> | undefined
  const began = parts.clock.now()
  const now = (): string => new Date(parts.clock.now()).toISOString()

  const state = (): RunState => ({ ...counts, steps: steps.map((step) => ({ ...step })) })
  const tell = (): void => {
    const seconds = Math.max(0.001, (parts.clock.now() - began) / 1000)
    parts.tell({ ...state(), runId: run.id, status: 'running', rowsPerSecond: Math.round(counts.read / seconds) })
    if (parts.clock.now() - written > flushEveryMs) void flush().catch(() => undefined)
  }
  const flush = async (): Promise<void> => {
    await flushing
    written = parts.clock.now()
    flushing = Promise.all([parts.store.progress(run.workspace, run.id, state()), lines.write()]).then(() => undefined)
    try {
      await flushing
    } finally {
      flushing = undefined
    }
  }

  return {
    begin: (step) => {
      current = step
      loading = false
      const at = steps[step]
      if (at === undefined || at.status === 'running') return
      Object.assign(at, { status: 'running', startedAt: at.startedAt ?? now(), finishedAt: null })
      tell()
    },
    pass: (step, done = {}) => {
      for (const [index, at] of steps.entries()) {
        if (index > step || at.status !== 'running') continue
        Object.assign(at, { status: 'succeeded', finishedAt: now() })
      }
      const at = steps[step]
      if (at === undefined) return
      delete at.message
      Object.assign(at, done)
      tell()
    },
    fail: (step, message) => {
      for (const [index, at] of steps.entries()) {
        if (index === step)
          Object.assign(at, { status: 'failed', startedAt: at.startedAt ?? now(), finishedAt: now(), message })
        else if (at.status === 'running')
          Object.assign(at, { status: index < step ? 'succeeded' : 'skipped', finishedAt: now() })
        else if (at.status === 'waiting') at.status = 'skipped'
      }
    },
    count: (more) => {
      const added = Object.fromEntries(
        Object.entries(more).map(([name, value]) => [name, (value ?? 0) + earlier[name as keyof typeof earlier]]),
      )
      counts = { ...counts, ...added }
      tell()
    },
    loading: () => {
      loading = true
    },
    progress: ({ read, written: loaded }) => {
      counts = {
        ...counts,
        read: Math.max(counts.read, read + earlier.read),
        written: loading ? Math.max(counts.written, loaded + earlier.written) : counts.written,
      }
      tell()
    },
    base: (again) => {
      counts = again ?? counts
      earlier = { read: counts.read, written: counts.written, quarantined: counts.quarantined, bytes: counts.bytes }
      return earlier
    },
    log: lines.add,
    flush,
    state,
    current: () => current,
  }
}
