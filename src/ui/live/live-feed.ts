import { heldAfter, nothingHeld, type Frame, type Held, type LivePoint } from './frames.ts'
import { liveBrowser, type LiveBrowser } from './live-browser.ts'
import { liveSocket } from './live-socket.ts'

/**
 * A live number or dashboard: first value over HTTP, then the socket with resume; reconnects with
 * backoff, polls where sockets are not to be had, tells its listeners at most four times a second.
 */
export interface LiveFeed {
  subscribe(listener: () => void): () => void
  current(): LiveState
  pause(): void
  go(): void
  close(): void
}

export interface LiveState {
  readonly points: readonly LivePoint[]
  readonly link: 'connecting' | 'live' | 'reconnecting' | 'polling' | 'paused'
  /** When the server last spoke, in milliseconds. */
  readonly heardAt: number | undefined
  readonly problem: string | undefined
}

export interface LiveFeedOptions {
  /** Path and query of the socket; epoch and offset are added to resume. */
  readonly path: string
  /** The same points over HTTP. */
  readonly poll: () => Promise<readonly LivePoint[]>
  /** `false`: the page has read the first values already. */
  readonly readFirst?: boolean
  /** Default: this browser. */
  readonly browser?: LiveBrowser
}

const paintEveryMs = 250
const hiddenFactor = 10
const pollEveryMs = 5_000

export function openLiveFeed({ path, poll, readFirst = true, browser = liveBrowser }: LiveFeedOptions): LiveFeed {
  const listeners = new Set<() => void>()
  let held = nothingHeld
  let polled: readonly LivePoint[] = []
  let link: LiveState['link'] = 'connecting'
  let heardAt: number | undefined
  let problem: string | undefined
  let state: LiveState = { points: [], link, heardAt, problem }
  let painting: (() => void) | undefined
  let polling: (() => void) | undefined
  let closed = false
  const slowWhenHidden = (milliseconds: number): number =>
    browser.hidden() ? milliseconds * hiddenFactor : milliseconds
  const socket = liveSocket({ path: () => resumed(path, held), browser, onFrame, onLost })

  function paint(): void {
    painting ??= browser.later(() => {
      painting = undefined
      if (link === 'paused' && state.link === 'paused') return
      state = { points: held.epoch === undefined ? polled : [...held.points.values()], link, heardAt, problem }
      for (const listener of listeners) listener()
    }, slowWhenHidden(paintEveryMs))
  }

  function onFrame(frame: Frame): void {
    heardAt = browser.now()
    if (frame.type === 'error') {
      problem = frame.detail
    } else {
      problem = undefined
      if (link !== 'paused') link = 'live'
      polling?.()
      polling = undefined
      held = heldAfter(held, frame)
    }
    paint()
  }

  function onLost(failures: number): boolean {
    if (link === 'paused') return false
    if (link !== 'polling') link = held.epoch === undefined && failures < 3 ? 'connecting' : 'reconnecting'
    if (failures >= 3) polling ??= browser.later(pollAgain, 0)
    paint()
    return true
  }

  function pollAgain(): void {
    void readOnce().finally(() => {
      if (polling !== undefined && !closed) polling = browser.later(pollAgain, slowWhenHidden(pollEveryMs))
    })
  }

  async function readOnce(): Promise<void> {
    try {
      polled = await poll()
      heardAt = browser.now()
      problem = undefined
      if (polling !== undefined && link !== 'paused') {
        link = 'polling'
        held = nothingHeld
      }
    } catch (error) {
      if (link === 'polling') link = 'reconnecting'
      problem = error instanceof Error ? error.message : String(error)
    }
    paint()
  }

  if (readFirst) void readOnce()
  socket.connect()

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    current: () => state,
    pause() {
      link = 'paused'
      state = { ...state, link }
      for (const listener of listeners) listener()
    },
    go() {
      if (link !== 'paused') return
      link = socket.isOpen() ? 'live' : 'reconnecting'
      if (!socket.isOpen()) socket.connect()
      paint()
    },
    close() {
      closed = true
      painting?.()
      polling?.()
      socket.close()
    },
  }
}

/** With the place to resume from, once a frame brought it. */
function resumed(path: string, { epoch, offset }: Held): string {
  if (epoch === undefined) return path
  return `${path}${path.includes('?') ? '&' : '?'}epoch=${encodeURIComponent(epoch)}&offset=${offset}`
}
