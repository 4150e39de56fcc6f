/** Holds the lines of the house: `node tools/boundaries.ts`. The rules are in boundaries/rules.ts. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkBoundaries } from './boundaries/check.ts'
import { functionDebts } from './boundaries/debts.ts'
import { functionCrossings } from './boundaries/functions.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [{ files, medianLines, crossings: lines }, functions] = await Promise.all([
  checkBoundaries(root),
  functionCrossings(root, functionDebts),
])
const crossings = [...lines, ...functions]
for (const { file, line, rule, says } of crossings) console.error(`${file}:${line} [${rule}] ${says}`)
console.log(
  crossings.length === 0
    ? `boundaries: ${files} files, no line crossed; the median file of the product has ${medianLines} lines`
    : `boundaries: ${crossings.length} lines crossed in ${files} files`,
)
process.exitCode = crossings.length === 0 ? 0 : 1
