/** Only plain files with one name are read and written: nothing else is certain to belong to the folders. */
import { stat, statfs } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { connectorErrors } from './errors.ts'

/** File systems whose files show the kernel's state, by the magic number of statfs(2). */
const kernelFileSystems: ReadonlyMap<number, string> = new Map([
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x1cd1, 'devpts'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup2'],
  [0x64626720, 'debugfs'],
  [0x74726163, 'tracefs'],
  [0x73636673, 'securityfs'],
  [0x62656570, 'configfs'],
  [0xcafe4a11, 'bpf'],
  [0x6165676c, 'pstore'],
  [0xde5e81e4, 'efivarfs'],
  [0x6e736673, 'nsfs'],
])

/** Refuses what exists at a real path and is no plain file with one name. `shown` is the path as it was written. */
export async function refuseIrregular(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return
  const what = kindOf(found)
  if (what !== undefined) throw connectorErrors.irregular({ path: shown, what })
  if (found.nlink > 1) throw connectorErrors.linked({ path: shown, names: found.nlink })
  await refuseKernelFiles(path, shown)
}

/** Also for a folder that something is about to be written into. */
export async function refuseKernelFiles(path: string, shown: string): Promise<void> {
  const fileSystem = kernelFileSystems.get((await statfs(path)).type)
  if (fileSystem !== undefined)
    throw connectorErrors.irregular({ path: shown, what: `part of the system (${fileSystem})` })
}

function kindOf(found: Stats): string | undefined {
  if (found.isFile()) return undefined
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  if (found.isSocket()) return 'a socket'
  return 'a device'
}
