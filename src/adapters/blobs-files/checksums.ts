import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseJsonValue } from '#core/parse-json'

interface Noted {
  readonly inode: number
  readonly bytes: number
  readonly sha256: string
}

/**
 * The checksum of a blob is in a file beside it, with the inode it was computed of. It is noted
 * before the blob takes its name; after a crash in between the inodes differ and it is computed anew.
 */
export async function noteChecksum(path: string, noted: Noted): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const making = `${path}.${randomUUID()}`
  await writeFile(making, JSON.stringify(noted))
  await rename(making, path)
}

export async function checksumOf(data: string, path: string): Promise<string> {
  const now = await stat(data)
  const noted = await readNoted(path)
  if (noted !== undefined && noted.inode === now.ino && noted.bytes === now.size) return noted.sha256
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(data)) hash.update(chunk as Buffer)
  const sha256 = hash.digest('hex')
  await noteChecksum(path, { inode: now.ino, bytes: now.size, sha256 })
  return sha256
}

export async function forgetChecksum(path: string): Promise<void> {
  await rm(path, { force: true })
}

async function readNoted(path: string): Promise<Noted | undefined> {
  try {
    return parseJsonValue(await readFile(path, 'utf8')) as Noted
  } catch {
    return undefined
  }
}
