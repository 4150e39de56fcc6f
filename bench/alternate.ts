/**
 * Compares two checkouts: their own benchmark runs alternately in each, and the figures of both are printed with the
 * spread that the old one has against itself. Run nothing else meanwhile.
 *
 *     npm run bench -- alternate --old ../millrace-before --rounds 5 ingest --seconds 20
 */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { compareFigures, readFigures, type Figures } from './figures.ts'
import { printTable } from './report.ts'

/** `--old` and `--rounds` come first; what follows is the benchmark and its own arguments. */
function parseWords(words: readonly string[]): { old: string; rounds: number; benchmark: readonly string[] } {
  const rest = [...words]
  const options = new Map<string, string>()
  while (rest[0] === '--old' || rest[0] === '--rounds') options.set(rest.shift()!, rest.shift() ?? '')
  const [old, rounds] = [options.get('--old'), Number(options.get('--rounds') ?? 5)]
  if (!old || !Number.isInteger(rounds) || rounds < 1 || rest.length === 0)
    throw new Error('Usage: npm run bench -- alternate --old <checkout> [--rounds 5] <benchmark> [its arguments]')
  return { old: resolve(old), rounds, benchmark: rest }
}

function measure(checkout: string, benchmark: readonly string[]): Figures {
  const { status, stdout } = spawnSync(process.execPath, [join(checkout, 'bench', 'run.ts'), ...benchmark], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30 * 60_000,
  })
  if (status !== 0) throw new Error(`The benchmark ${benchmark.join(' ')} failed in ${checkout}:\n${stdout}`)
  return readFigures(stdout)
}

const { old, rounds, benchmark } = parseWords(process.argv.slice(2))
const results: Record<'old' | 'fresh', Figures[]> = { old: [], fresh: [] }
for (let round = 1; round <= rounds; round += 1) {
  // The order changes with each round, so that neither is always the one that runs on a warm machine.
  for (const which of round % 2 === 1 ? (['old', 'fresh'] as const) : (['fresh', 'old'] as const)) {
    results[which].push(measure(which === 'old' ? old : resolve(import.meta.dirname, '..'), benchmark))
    console.error(`round ${round} of ${rounds}: ${which === 'old' ? 'old' : 'new'} measured`)
  }
}
printTable(
  `${benchmark.join(' ')}: median (lowest–highest) of ${rounds} rounds`,
  compareFigures(results.old, results.fresh),
)
