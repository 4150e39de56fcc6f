/**
 * The test run: `tools/test.ts [unit|system|services|long|journeys|check] [--uncovered] [file …]`.
 * `unit` also checks types, boundaries, lint, format and the size of the web's entry, and measures line coverage
 * (`--uncovered`: with the files that have the most uncovered lines); `check` is the quick part of it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureWeb } from './bootstrap/web.mjs'
import { bundleCheck, staticChecks, type Check } from './testing/checks.ts'
import { testFiles, type Suite } from './testing/files.ts'
import { startPostgres } from './testing/postgres.ts'
import { startSmtp } from './testing/smtp.ts'
import { nothing, together, type Counts } from './testing/file-report.ts'
import { runFiles } from './testing/run-files.ts'
import { runLong } from './testing/run-long.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [wanted = 'unit', ...words] = process.argv.slice(2)
const given = words.filter((word) => !word.startsWith('--'))
const began = Date.now()
const minutes = 60_000

async function counted(): Promise<Counts> {
  const files = (suite: Suite): string[] =>
    testFiles(root, suite).filter((file) => given.length === 0 || given.some((part) => file.includes(part)))
  switch (wanted) {
    case 'check': {
      const quick = files('unit').filter((file) => /^(src\/(core|kernel|ui|sdk)|tools)\//.test(file))
      return together(...(await Promise.all([checked(), runFiles({ root, files: quick, timeoutMs: minutes })])))
    }
    case 'unit': {
      if (given.length > 0)
        return runFiles({ root, files: [...files('unit'), ...files('system')], timeoutMs: 6 * minutes })
      const coverage = mkdtempSync(join(tmpdir(), 'millrace-coverage-'))
      const environment = { NODE_V8_COVERAGE: coverage }
      const tests = runFiles({ root, files: files('unit'), timeoutMs: 6 * minutes, environment })
      const counts = together(...(await Promise.all([checked(), tests])))
      printCoverage(coverage)
      return counts
    }
    case 'system':
      return runFiles({ root, files: files('system'), timeoutMs: 6 * minutes })
    case 'long':
      return runLong(root, files('long'))
    case 'journeys':
      ensureWeb(root, process.execPath)
      return runFiles({ root, files: files('journeys'), timeoutMs: 10 * minutes })
    case 'services': {
      const postgres = await startPostgres()
      const smtp = await startSmtp().catch(async (error: unknown) => {
        await postgres.stop()
        throw error
      })
      try {
        return await runFiles({
          root,
          files: files('services'),
          timeoutMs: 10 * minutes,
          environment: { MILLRACE_TEST_POSTGRES_URL: postgres.url, ...smtp.environment },
        })
      } finally {
        await Promise.all([postgres.stop(), smtp.stop()])
      }
    }
    default:
      throw new Error(`"${wanted}" is not a suite; there are unit, system, services, long, journeys and check.`)
  }
}

async function checked(): Promise<Counts> {
  const counts = nothing()
  const show = ({ name, ok, output }: Check): void => {
    counts[ok ? 'passed' : 'failed'] += 1
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name}${ok ? '' : `\n${output.replace(/^/gm, '    ')}\n`}`)
    if (ok && /^(boundaries|bundle)$/.test(name)) console.log(output.replace(/^/gm, '        '))
  }
  const both = [staticChecks(root), bundleCheck(root).then((bundle) => [bundle])]
  await Promise.all(both.map(async (checks) => (await checks).forEach(show)))
  return counts
}

function printCoverage(folder: string): void {
  const program = join(root, 'tools', 'coverage.ts')
  const flags = [
    '--disable-warning=ExperimentalWarning',
    program,
    folder,
    ...words.filter((word) => word === '--uncovered'),
  ]
  spawnSync(process.execPath, flags, { stdio: 'inherit' })
  rmSync(folder, { recursive: true, force: true })
}

const { passed, failed, skipped } = await counted()
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((what) => `  ${what}`).join('\n')}`)
if (wanted === 'unit' && given.length === 0) {
  const count = (suite: Suite): string => `${testFiles(root, suite).length} files`
  console.log(`
Not run here, because they take longer or need more than Node.js:
  npm run test:system     whole servers that are killed, starved and started on old homes (${count('system')})
  npm run test:services   starts a PostgreSQL and an SMTP server and runs what talks to them (${count('services')})
  npm run test:journeys   the browser over a real server (${count('journeys')})
  npm run test:long       property, kill and load tests at full size (${count('long')})`)
}
console.log(
  `\n${wanted}: ${passed} passed, ${failed} failed, ${skipped.length} skipped, ${((Date.now() - began) / 1000).toFixed(0)} s`,
)
process.exit(failed === 0 && (passed > 0 || given.length === 0) ? 0 : 1)
