import { fdatasyncSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'

interface MountedFiles {
  readonly NODEFS: { readonly stream_ops: { fsync?: (stream: { nfd?: number }) => number } }
}

/**
 * PGlite's file system has no `fsync`, and PGlite starts PostgreSQL with `-F`, which asks for none.
 * With this and without `-F`, PostgreSQL itself syncs its log at each commit and its tables before
 * it forgets log, in the order its recovery relies on.
 */
export class DurableFiles extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(pg, options)
    const preRun = [made.emscriptenOpts.preRun ?? []].flat()
    const addSync = (mounted: unknown): void => {
      ;(mounted as MountedFiles).NODEFS.stream_ops.fsync = (stream) => {
        if (stream.nfd !== undefined) fdatasyncSync(stream.nfd)
        return 0
      }
    }
    return { emscriptenOpts: { ...made.emscriptenOpts, preRun: [...preRun, addSync] } }
  }
}

/** PGlite's own parameters, with syncing on for `disk` and buffers that fit metadata. */
export function startParameters(defaults: readonly string[], durability: 'disk' | 'process'): string[] {
  const kept = defaults.filter((parameter) => durability === 'process' || parameter !== '-F')
  return [
    ...kept,
    '-c',
    'shared_buffers=8MB',
    '-c',
    'max_wal_size=64MB',
    '-c',
    'min_wal_size=32MB',
    '-c',
    'timezone=UTC',
  ]
}
