/** Holds the lines of the house: `node tools/boundaries.ts`. The rules are in boundaries/rules.ts. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkBoundaries } from './boundaries/check.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { files, crossings } = checkBoundaries(root)
for (const { file, line, rule, says } of crossings) console.error(`${file}:${line} [${rule}] ${says}`)
console.log(
  crossings.length === 0
    ? `boundaries: ${files} files, no line crossed`
    : `boundaries: ${crossings.length} lines crossed in ${files} files`,
)
process.exitCode = crossings.length === 0 ? 0 : 1
