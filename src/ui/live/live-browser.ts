/** What a feed needs of the browser; tests bring their own. */
export interface LiveBrowser {
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

export const liveBrowser: LiveBrowser = {
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
