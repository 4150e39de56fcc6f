/**
 * Which folders a workspace may use for files. `default` has the folders of `MILLRACE_FILES`; another
 * workspace has `<first folder>/.workspaces/<id>` and nothing else, and `default` does not see `.workspaces`.
 */
import { mkdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { connectorErrors } from './errors.ts'

export interface FileFolders {
  /** The folders of `MILLRACE_FILES`; at least one. */
  readonly folders: readonly string[]
  readonly home: string
}

export interface FileScope {
  /** The folders as people know them, for error sentences. */
  readonly named: string
  /** Real paths of the folders that exist. */
  roots(): Promise<readonly string[]>
  /** Whether a real path is inside the folders. */
  allows(realPath: string): Promise<boolean>
}

/** The workspace that owns the folders of `MILLRACE_FILES` themselves. */
const ownerOfFolders = 'default'
const workspacesFolder = '.workspaces'

/** Where a workspace other than `default` keeps its files, below the first folder. */
export function workspaceFolder(firstFolder: string, workspace: string): string {
  return join(firstFolder, workspacesFolder, workspace)
}

export function fileScope({ folders, home }: FileFolders, workspace: string): FileScope {
  const first = folders[0] ?? home
  const real = (path: string) => realpath(path).catch(() => undefined)

  async function ownedRoots(): Promise<readonly string[]> {
    await mkdir(join(home, 'files'), { recursive: true })
    return (await Promise.all(folders.map(real))).filter((folder) => folder !== undefined)
  }

  /** Made when it is missing. A link in its place could lead anywhere, so the folder then counts as missing. */
  async function workspaceRoots(): Promise<readonly string[]> {
    const realFirst = await real(first)
    if (realFirst === undefined) return []
    const root = workspaceFolder(realFirst, workspace)
    for (const folder of [dirname(root), root]) {
      // A folder that cannot be made (read-only, full disk) is missing.
      await mkdir(folder).catch(() => undefined)
      if ((await real(folder)) !== folder) return []
    }
    return [root]
  }

  const roots = workspace === ownerOfFolders ? ownedRoots : workspaceRoots
  return {
    named: workspace === ownerOfFolders ? folders.join(', ') : workspaceFolder(first, workspace),
    roots,
    async allows(path) {
      const [all, realHome, realFirst] = [await roots(), await realpath(home), await real(first)]
      if (workspace === ownerOfFolders && realFirst !== undefined && isWorkspaceFile(path, realFirst)) return false
      const holding = all.filter((root) => isInside(path, root))
      // A folder that holds the home does not open it; only a folder within it does.
      return holding.some((root) => !isInside(path, realHome) || (root !== realHome && isInside(root, realHome)))
    },
  }
}

/** The first folder of a workspace. */
export async function folderFor(fileFolders: FileFolders, workspace: string): Promise<string> {
  const scope = fileScope(fileFolders, workspace)
  const [first] = await scope.roots()
  if (first === undefined) throw connectorErrors.no_folder({ workspace, folder: scope.named })
  return first
}

/** Without regard to case, because the file system may have none. */
function isWorkspaceFile(path: string, realFirst: string): boolean {
  return isInside(path.toLowerCase(), join(realFirst, workspacesFolder).toLowerCase())
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** The real path of a path whose last parts may be missing. */
export async function realPlace(path: string): Promise<string> {
  let existing = path
  const missing: string[] = []
  let real: string | undefined
  while ((real = await realpath(existing).catch(() => undefined)) === undefined) {
    if (existing === dirname(existing)) return path
    missing.unshift(basename(existing))
    existing = dirname(existing)
  }
  return join(real, ...missing)
}
