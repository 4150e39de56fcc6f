/** Whether the disk under a folder still takes writes, found out by writing. */
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** Below this the metadata store refuses changes. */
const MIN_FREE_BYTES = 16 * 1024 * 1024
const MIN_REST_MS = 2_000
const PROBE_BYTES = 4096

export interface DiskState {
  readonly ok: boolean
  readonly detail?: string
}

/** Probes only when it is asked, and at most once in two seconds; askers in between share the result. */
export function diskProbe(folder: string, now: () => number = () => performance.now()): () => Promise<DiskState> {
  let last: { readonly at: number; readonly state: Promise<DiskState> } | undefined
  return () => {
    if (last === undefined || now() - last.at >= MIN_REST_MS) last = { at: now(), state: probe(folder) }
    return last.state
  }
}

async function probe(folder: string): Promise<DiskState> {
  try {
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < MIN_FREE_BYTES)
      return {
        ok: false,
        detail: `The disk of "${folder}" is full: ${bavail * bsize} bytes are free, at least ${MIN_FREE_BYTES} are needed.`,
      }
    await writeProbe(join(folder, '.probe'))
    return { ok: true }
  } catch (error) {
    return { ok: false, detail: `The disk of "${folder}" takes no writes: ${(error as Error).message}.` }
  }
}

async function writeProbe(file: string): Promise<void> {
  try {
    const handle = await open(file, 'w', 0o600)
    try {
      await handle.write(Buffer.alloc(PROBE_BYTES))
      await handle.sync()
    } finally {
      await handle.close()
    }
  } finally {
    await rm(file, { force: true })
  }
}
