/**
 * The test run: `tools/test.ts [unit|services|long|journeys|check] [file …]`.
 * `unit` also checks types, boundaries, lint, format and the size of the web's entry; `check` is the quick part of it.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureWeb } from './bootstrap/web.mjs'
import { staticChecks, type Check } from './testing/checks.ts'
import { testFiles, type Suite } from './testing/files.ts'
import { startPostgres } from './testing/postgres.ts'
import { startSmtp } from './testing/smtp.ts'
import { checkEntrySize } from './web/bundle-size.ts'
import { runFiles, type Counts } from './testing/run-files.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [wanted = 'unit', ...given] = process.argv.slice(2)
const began = Date.now()
const minutes = 60_000

async function counted(): Promise<Counts> {
  const files = (suite: Suite): string[] =>
    testFiles(root, suite).filter((file) => given.length === 0 || given.some((part) => file.includes(part)))
  switch (wanted) {
    case 'check':
      return together(
        await checked(),
        await runFiles({
          root,
          files: files('unit').filter((file) => /^(src\/(core|kernel|ui|sdk)|tools)\//.test(file)),
          timeoutMs: minutes,
        }),
      )
    case 'unit':
      return together(
        given.length === 0 ? await checked() : nothing(),
        await runFiles({ root, files: files('unit'), timeoutMs: 6 * minutes }),
      )
    case 'long':
      return runFiles({
        root,
        files: files('long'),
        timeoutMs: 240 * minutes,
        environment: { MILLRACE_TEST_LONG: '1' },
        telling: true,
      })
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
      throw new Error(`"${wanted}" is not a suite; there are unit, services, long, journeys and check.`)
  }
}

function bundleCheck(): Check {
  ensureWeb(root, process.execPath)
  const { ok, says } = checkEntrySize(join(root, 'dist', 'web'))
  console.log(says.split('\n')[0])
  return { name: 'bundle', ok, output: says }
}

async function checked(): Promise<Counts> {
  const counts = nothing()
  for (const { name, ok, output } of [...(await staticChecks(root)), bundleCheck()]) {
    counts[ok ? 'passed' : 'failed'] += 1
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name}${ok ? '' : `\n${output.replace(/^/gm, '    ')}\n`}`)
  }
  return counts
}

function nothing(): Counts {
  return { passed: 0, failed: 0, skipped: [] }
}

function together(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  }
}

const { passed, failed, skipped } = await counted()
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((what) => `  ${what}`).join('\n')}`)
if (wanted === 'unit' && given.length === 0) {
  const count = (suite: Suite): string => `${testFiles(root, suite).length} files`
  console.log(`
Not run here, because they need more than Node.js:
  npm run test:services   starts a PostgreSQL and an SMTP server and runs what talks to them (${count('services')})
  npm run test:journeys   the browser over a real server (${count('journeys')})
  npm run test:long       property, kill and load tests at full size (${count('long')})`)
}
console.log(
  `\n${wanted}: ${passed} passed, ${failed} failed, ${skipped.length} skipped, ${((Date.now() - began) / 1000).toFixed(0)} s`,
)
process.exit(failed === 0 && (passed > 0 || given.length === 0) ? 0 : 1)
