/** `npm run lint`: oxlint and the boundaries; `npm run lint -- --fix` mends what can be mended. */
import { checkBoundaries } from './boundaries/check.ts'
import { root, runInstalled } from './program.ts'

runInstalled('oxlint', process.argv.slice(2))
const { crossings } = checkBoundaries(root)
for (const { file, line, rule, says } of crossings) console.error(`${file}:${line} [${rule}] ${says}`)
if (crossings.length > 0) process.exitCode = 1
