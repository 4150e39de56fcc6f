/** `node tools/coverage.ts <folder> [--uncovered]`: line coverage from what V8 wrote there (NODE_V8_COVERAGE). */
import { coverageOf, leastCovered, percentOf } from './testing/coverage.ts'
import { root } from './program.ts'

const [folder = '', flag] = process.argv.slice(2)
const files = coverageOf(root, folder)
console.log(`line coverage ${percentOf(files).toFixed(1)} %`)
if (flag === '--uncovered')
  for (const { path, lines, covered } of leastCovered(files))
    console.log(`  ${String(lines - covered).padStart(4)} of ${lines} lines not run: ${path}`)
