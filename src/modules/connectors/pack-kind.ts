import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { PackKind } from '#kernel/module'
import type { Pack } from '#sdk'
import type { Connectors } from './index.ts'

type PackFile = NonNullable<Pack['files']>[number]

/** Files of a pack, put into the folder of its workspace. */
export function filePackKind({ folder }: Pick<Connectors, 'folder'>): PackKind {
  return {
    field: 'files',
    kind: 'file',
    nameOf: (file) => (file as PackFile).path,
    async install(workspace, file, { pack }) {
      const { path, content } = file as PackFile
      const root = await folder(workspace)
      const place = join(root, path)
      if (relative(root, place).startsWith('..'))
        throw new Error(`The pack "${pack}" has a file outside its folder: "${path}".`)
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, content, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      })
    },
  }
}
