/** Brings the files that other workspaces used in the folders of `default` into their own folders. */
import { constants } from 'node:fs'
import { copyFile, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import type { Logger } from '#kernel/module'
import { once } from '#kernel/once'
import type { Metadata } from '#ports/metadata'
import { connectorErrors } from './errors.ts'
import { fileScope, folderFor, isInside, realPlace } from './file-scope.ts'
import type { FileFolders } from './file-scope.ts'
import { folders } from './folders.ts'
import type { Connectors, FileUse } from './index.ts'

const step = 'files-per-workspace'
const spareBytes = 64 << 20

interface Copy {
  readonly from: string
  readonly to: string
  readonly bytes: number
}

/** A step that was interrupted runs again whole: a file is either copied under its name or not there. */
export function carrySharedFiles(
  fileFolders: FileFolders,
  metadata: Metadata,
  log: Logger,
): Connectors['carrySharedFiles'] {
  return async (uses, renamed) => {
    let carried = 0
    await once(metadata, { table: 'connectors.step', name: step }, async () => {
      const roots = await fileScope(fileFolders, 'default').roots()
      const copies = (await Promise.all(uses.map((use) => copiesOf(use, roots)))).flat()
      if (copies.length > 0) await requireRoom(roots[0] ?? fileFolders.home, copies)
      for (const copy of copies) await copyWhole(copy)
      for (const use of uses) {
        const path = await ownPath(use.path, roots)
        if (path !== use.path) await renamed(use, path)
      }
      carried = copies.length
    })
    if (carried > 0) log.info({ files: carried }, 'copied files into the folders of their workspaces')
  }

  async function copiesOf(use: FileUse, roots: readonly string[]): Promise<readonly Copy[]> {
    const found = await folders(fileFolders, 'default')
      .match(use.path)
      .catch(() => [])
    if (found.length === 0) return []
    const folder = await folderFor(fileFolders, use.workspace)
    const copies = await Promise.all(
      found.map(async (from) => {
        const path = isAbsolute(use.path) ? await ownPath(from, roots) : relativeTo(roots, from)
        const to = join(folder, path ?? basename(from))
        const isThere = (await stat(to).catch(() => undefined)) !== undefined
        return isThere ? [] : [{ from, to, bytes: (await stat(from)).size }]
      }),
    )
    return copies.flat()
  }
}

/** An absolute path below a shared folder becomes one below the workspace's; files of the second folder and on get its name. */
async function ownPath(path: string, roots: readonly string[]): Promise<string> {
  if (!isAbsolute(path)) return path
  const real = await realPlace(path)
  const root = roots.find((folder) => isInside(real, folder))
  if (root === undefined) return path
  return root === roots[0] ? relative(root, real) : join(basename(root), relative(root, real))
}

function relativeTo(roots: readonly string[], path: string): string | undefined {
  const root = roots.find((folder) => isInside(path, folder))
  return root === undefined ? undefined : relative(root, path)
}

async function requireRoom(folder: string, copies: readonly Copy[]): Promise<void> {
  const bytes = copies.reduce((sum, copy) => sum + copy.bytes, spareBytes)
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < bytes) throw connectorErrors.no_room({ folder, bytes, free: bavail * bsize })
}

async function copyWhole({ from, to }: Copy): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  const unfinished = join(dirname(to), `.millrace-copy-${basename(to)}`)
  await rm(unfinished, { force: true })
  await copyFile(from, unfinished, constants.COPYFILE_FICLONE)
  const handle = await open(unfinished, 'r')
  await handle.sync()
  await handle.close()
  await rename(unfinished, to)
}
