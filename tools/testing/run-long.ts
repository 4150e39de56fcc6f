import { seed } from '#tests/seed'
import { nothing, together, type Counts } from './file-report.ts'
import { runFiles } from './run-files.ts'

/** Long test files one after another, each alone on the machine; all random cases come from one seed. */
export async function runLong(root: string, files: readonly string[]): Promise<Counts> {
  console.log(`Random cases begin at seed ${seed}; MILLRACE_TEST_SEED=${seed} repeats them.`)
  let counts = nothing()
  for (const [index, file] of files.entries()) {
    console.log(`\n${index + 1} of ${files.length}  ${file}`)
    const environment = { MILLRACE_TEST_LONG: '1', MILLRACE_TEST_SEED: String(seed) }
    const options = { root, files: [file], timeoutMs: 40 * 60_000, environment, concurrency: 1, telling: true }
    counts = together(counts, await runFiles(options))
  }
  return counts
}
