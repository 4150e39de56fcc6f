/**
 * Named pipes between the engine's threads and this process. The engine sees files; we see
 * sockets on the event loop, with backpressure, so neither side ever holds a whole answer or body.
 */
import { execFileSync } from 'node:child_process'
import { constants, mkdirSync, openSync, closeSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate as soon, setTimeout as later } from 'node:timers/promises'

export interface Pipe {
  readonly path: string
  /** To be called before the engine opens its end. `finish` lets the socket end once it is read empty. */
  read(): { readonly socket: Socket; finish(): void }
  /** Resolves when the engine has opened its end; `undefined` when `ended` says it never will. */
  write(ended: () => boolean): Promise<Socket | undefined>
}

export function makePipes(folder: string, count: number): readonly Pipe[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const paths = Array.from({ length: count }, (_, index) => join(folder, `pipe-${index}`))
  execFileSync('mkfifo', ['-m', '600', ...paths])
  return paths.map(pipe)
}

function pipe(path: string): Pipe {
  return {
    path,
    read() {
      const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants
      const reading = openSync(path, O_RDONLY | O_NONBLOCK)
      const held = openSync(path, O_WRONLY | O_NONBLOCK)
      let finished = false
      return {
        socket: new Socket({ fd: reading, readable: true, writable: false }),
        finish() {
          if (finished) return
          finished = true
          closeSync(held)
        },
      }
    },
    async write(ended) {
      // Without a reader a non-blocking open fails at once; a blocking one would hold a thread for ever.
      for (let attempt = 0; !ended(); attempt += 1) {
        const fd = openForWriting(path)
        if (fd !== undefined) return new Socket({ fd, readable: false, writable: true })
        await (attempt < 20 ? soon() : later(1))
      }
      return undefined
    },
  }
}

function openForWriting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return undefined
    throw error
  }
}
