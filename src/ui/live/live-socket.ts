import { readFrame, type Frame } from './frames.ts'
import type { LiveBrowser, SocketLike } from './live-browser.ts'

const silenceMs = 45_000
const maxWaitMs = 30_000

export interface LiveSocketOptions {
  /** Path and query of the next connection. */
  readonly path: () => string
  readonly browser: LiveBrowser
  readonly onFrame: (frame: Frame) => void
  /** The connection ended or fell silent, `failures` times since the last frame that was no error; `false`: stay without one. */
  readonly onLost: (failures: number) => boolean
}

/** A socket that is opened again, with backoff, when it ends or falls silent. */
export interface LiveSocket {
  isOpen(): boolean
  connect(): void
  close(): void
}

export function liveSocket({ path, browser, onFrame, onLost }: LiveSocketOptions): LiveSocket {
  let socket: SocketLike | undefined
  let failures = 0
  let retrying: (() => void) | undefined
  let watching: (() => void) | undefined
  let closed = false

  function connect(): void {
    if (closed) return
    const opened = browser.open(path())
    socket = opened
    watch()
    opened.onopen = watch
    opened.onmessage = ({ data }) => {
      const frame = readFrame(String(data))
      if (frame === undefined || socket !== opened) return
      watch()
      if (frame.type !== 'error') failures = 0
      onFrame(frame)
    }
    opened.onclose = () => {
      if (socket === opened) lost()
    }
  }

  function watch(): void {
    watching?.()
    watching = browser.later(() => {
      const silent = socket
      lost()
      silent?.close()
    }, silenceMs)
  }

  function lost(): void {
    socket = undefined
    watching?.()
    if (closed || !onLost(failures + 1)) return
    failures += 1
    const wait = Math.min(maxWaitMs, 500 * 2 ** Math.min(failures, 8))
    retrying = browser.later(connect, wait / 2 + (wait / 2) * browser.random())
  }

  return {
    isOpen: () => socket !== undefined,
    connect,
    close() {
      closed = true
      retrying?.()
      watching?.()
      socket?.close()
      socket = undefined
    },
  }
}
