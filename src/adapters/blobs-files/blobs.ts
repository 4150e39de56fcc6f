import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Dirent } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { BlobInfo, Blobs } from '#ports/blobs'
import { checksumOf, forgetChecksum, noteChecksum } from './checksums.ts'
import { keyParts } from './keys.ts'

export interface FileBlobsOptions {
  readonly directory: string
  /** `disk`: a blob and its name are synced before `put` resolves. */
  readonly durability: 'disk' | 'process'
}

/** Blobs as files: `objects/<key>`, their checksums in `checksums/`, what is being written in `partial/`. */
export async function fileBlobs(options: FileBlobsOptions): Promise<Blobs> {
  const objects = join(options.directory, 'objects')
  const checksums = join(options.directory, 'checksums')
  const partial = join(options.directory, 'partial')
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await mkdir(objects, { recursive: true })
  const sync = options.durability === 'disk'
  const dataOf = (key: string): string => join(objects, ...keyParts(key))
  const checksumFileOf = (key: string): string => `${join(checksums, ...keyParts(key))}.json`

  const head = async (key: string): Promise<BlobInfo | undefined> => {
    const path = dataOf(key)
    try {
      const found = await stat(path)
      if (!found.isFile()) return undefined
      return { key, bytes: found.size, sha256: await checksumOf(path, checksumFileOf(key)), modifiedAt: found.mtimeMs }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  return {
    put: async (key, body) => {
      const path = dataOf(key)
      const making = join(partial, randomUUID())
      try {
        const written = await write(making, body, sync)
        await noteChecksum(checksumFileOf(key), written)
        await giveName(making, path)
        if (sync) await syncFolders(dirname(path), options.directory)
        return { key, bytes: written.bytes, sha256: written.sha256, modifiedAt: (await stat(path)).mtimeMs }
      } catch (error) {
        await rm(making, { force: true })
        const code = (error as NodeJS.ErrnoException).code ?? ''
        if (['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY'].includes(code)) {
          throw new Error(
            `The blob "${key}" cannot be stored: its key is the beginning of another key, or another key is the beginning of it.`,
            { cause: error },
          )
        }
        throw error
      }
    },
    get: async (key, range) => {
      const handle = await open(dataOf(key), 'r').catch((error: unknown) => {
        throw isMissing(error) ? new Error(`There is no blob "${key}".`, { cause: error }) : error
      })
      if (range?.to !== undefined && range.to <= range.from) {
        await handle.close()
        throw new Error(`The range ${range.from} to ${range.to} of the blob "${key}" is empty.`)
      }
      // `to` is exclusive here as everywhere; a read stream's `end` is not.
      return createReadStream('', {
        fd: handle,
        ...(range === undefined ? {} : { start: range.from }),
        ...(range?.to === undefined ? {} : { end: range.to - 1 }),
      })
    },
    head,
    list: async function* (prefix) {
      for await (const key of walk(objects, '', prefix)) {
        const info = await head(key)
        if (info !== undefined) yield info
      }
    },
    delete: async (key) => {
      await rm(dataOf(key), { force: true })
      await forgetChecksum(checksumFileOf(key))
      await removeEmptyFolders(dirname(dataOf(key)), objects)
    },
    close: async () => {},
  }
}

async function write(
  path: string,
  body: Readable | Uint8Array,
  sync: boolean,
): Promise<{ inode: number; bytes: number; sha256: string }> {
  const file = await open(path, 'wx')
  try {
    const hash = createHash('sha256')
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array)
      hash.update(bytes)
      await file.writeFile(bytes)
    }
    if (sync) await file.sync()
    const written = await file.stat()
    return { inode: written.ino, bytes: written.size, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** A delete beside it may take the empty folder away in between; then once more. */
async function giveName(making: string, path: string): Promise<void> {
  for (let tries = 5; ; tries -= 1) {
    await mkdir(dirname(path), { recursive: true })
    try {
      await rename(making, path)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 0) throw error
    }
  }
}

/** A name is durable when its folder is, and the folder's own name in turn. */
async function syncFolders(from: string, upTo: string): Promise<void> {
  for (let folder = from; folder.startsWith(upTo); folder = dirname(folder)) {
    const handle = await open(folder, 'r')
    await handle.sync().finally(async () => await handle.close())
  }
}

async function removeEmptyFolders(from: string, upTo: string): Promise<void> {
  for (let folder = from; folder.startsWith(upTo) && folder !== upTo; folder = dirname(folder)) {
    try {
      await rmdir(folder)
    } catch {
      return
    }
  }
}

/** Keys in order of their bytes: a folder sorts as its name with the `/` that follows. */
async function* walk(folder: string, at: string, prefix: string): AsyncGenerator<string> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  const named = entries.map((entry) => ({
    entry,
    sort: Buffer.from(entry.isDirectory() ? `${entry.name}/` : entry.name),
  }))
  for (const { entry } of named.toSorted((a, b) => Buffer.compare(a.sort, b.sort))) {
    const key = at + entry.name
    if (entry.isFile() && key.startsWith(prefix)) yield key
    if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)))
      yield* walk(join(folder, entry.name), `${key}/`, prefix)
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
