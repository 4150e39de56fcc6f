import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** With the folders above it, one by one: `recursive` never ends where the kernel takes no folders, as under /proc. */
export function makeFolder(path: string, mode?: number): void {
  const above = dirname(path)
  if (above !== path && !existsSync(above)) makeFolder(above, mode)
  try {
    mkdirSync(path, mode)
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!there) throw error
    // Succeeds for a folder; a file of that name is an error.
    mkdirSync(path, { recursive: true })
  }
}
