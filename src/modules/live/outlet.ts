import type { Frame } from './frames.ts'

/** Where frames go: a WebSocket, or a stream of server-sent events. */
export interface Outlet {
  /** Bytes that wait here because the client does not read. */
  backlog(): number
  send(frame: Frame): void
  /** Ends it politely, after what was sent. */
  end(reason: string): void
  /** Ends it at once: the client does not read any more. */
  cut(): void
}
