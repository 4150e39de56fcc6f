import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseJsonValue } from '#core/parse-json'

/** Where package.json lies, from the sources and from the built package alike. */
export const projectFolder = findProject(dirname(fileURLToPath(import.meta.url)))

export const { version } = parseJsonValue(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
  version: string
}

function findProject(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new Error(`There is no package.json above "${from}".`)
  }
}
