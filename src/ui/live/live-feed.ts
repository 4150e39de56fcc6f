import { heldAfter, nothingHeld, readFrame, type LivePoint } from './frames.ts'

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
  readonly world?: World
}

/** What the feed needs of the browser; tests bring their own. */
export interface World {
  open(path: string): SocketLike
  now(): number
  later(task: () => void, milliseconds: number): () => void
  hidden(): boolean
  random(): number
}

export interface SocketLike {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
  close(): void
}

const paintEvery = 250
const hiddenFactor = 10
const silence = 45_000
const pollEvery = 5_000
const longestWait = 30_000

export function openLiveFeed({ path, poll, readFirst = true, world = browserWorld }: LiveFeedOptions): LiveFeed {
  const listeners = new Set<() => void>()
  let held = nothingHeld
  let polled: readonly LivePoint[] = []
  let link: LiveState['link'] = 'connecting'
  let heardAt: number | undefined
  let problem: string | undefined
  let state: LiveState = { points: [], link, heardAt, problem }
  let socket: SocketLike | undefined
  let failures = 0
  let painting: (() => void) | undefined
  let retrying: (() => void) | undefined
  let watching: (() => void) | undefined
  let polling: (() => void) | undefined
  let closed = false

  function paint(): void {
    painting ??= world.later(
      () => {
        painting = undefined
        if (link === 'paused' && state.link === 'paused') return
        state = { points: held.epoch === undefined ? polled : [...held.points.values()], link, heardAt, problem }
        for (const listener of listeners) listener()
      },
      world.hidden() ? paintEvery * hiddenFactor : paintEvery,
    )
  }

  function connect(): void {
    if (closed) return
    const resume =
      held.epoch === undefined
        ? ''
        : `${path.includes('?') ? '&' : '?'}epoch=${encodeURIComponent(held.epoch)}&offset=${held.offset}`
    const opened = world.open(path + resume)
    socket = opened
    watch()
    opened.onopen = watch
    opened.onmessage = ({ data }) => {
      const frame = readFrame(String(data))
      if (frame === undefined || socket !== opened) return
      watch()
      heardAt = world.now()
      if (frame.type === 'error') {
        problem = frame.detail
      } else {
        failures = 0
        problem = undefined
        if (link !== 'paused') link = 'live'
        polling?.()
        polling = undefined
        held = heldAfter(held, frame)
      }
      paint()
    }
    opened.onclose = () => {
      if (socket === opened) lost()
    }
  }

  function watch(): void {
    watching?.()
    watching = world.later(() => {
      const silent = socket
      lost()
      silent?.close()
    }, silence)
  }

  function lost(): void {
    socket = undefined
    watching?.()
    if (closed || link === 'paused') return
    failures += 1
    if (link !== 'polling') link = held.epoch === undefined && failures < 3 ? 'connecting' : 'reconnecting'
    if (failures >= 3) polling ??= world.later(pollAgain, 0)
    const wait = Math.min(longestWait, 500 * 2 ** Math.min(failures, 8))
    retrying = world.later(connect, wait / 2 + (wait / 2) * world.random())
    paint()
  }

  function pollAgain(): void {
    void readOnce().finally(() => {
      if (polling !== undefined && !closed)
        polling = world.later(pollAgain, world.hidden() ? pollEvery * hiddenFactor : pollEvery)
    })
  }

  async function readOnce(): Promise<void> {
    try {
      polled = await poll()
      heardAt = world.now()
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
  connect()

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
      link = socket === undefined ? 'reconnecting' : 'live'
      if (socket === undefined) connect()
      paint()
    },
    close() {
      closed = true
      for (const stop of [painting, retrying, watching, polling]) stop?.()
      socket?.close()
      socket = undefined
    },
  }
}

const browserWorld: World = {
  open(path) {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`)
    const close = socket.close.bind(socket)
    // Browsers complain in the console about a socket that is closed before it is open.
    socket.close = () => {
      if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener('open', () => close(), { once: true })
      else close()
    }
    return socket as SocketLike
  },
  now: () => Date.now(),
  later(task, milliseconds) {
    const timer = setTimeout(task, milliseconds)
    return () => clearTimeout(timer)
  },
  hidden: () => document.hidden,
  random: () => Math.random(),
}
