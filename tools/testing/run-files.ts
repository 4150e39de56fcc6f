import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { providePgliteTemplate } from '#adapters/pglite/template-fixture'

export interface Counts {
  passed: number
  failed: number
  /** What was skipped, with its reason. */
  skipped: string[]
}

export function nothing(): Counts {
  return { passed: 0, failed: 0, skipped: [] }
}

export function together(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  }
}

export interface RunOptions {
  readonly root: string
  readonly files: readonly string[]
  /** For one test file as a whole. */
  readonly timeoutMs: number
  readonly environment?: Readonly<Record<string, string>>
  /** Files at once. Default: one more than there are cores, since many files wait for clocks, processes and disks. */
  readonly concurrency?: number
  /** Passes on what tests write to standard error: how far a long one is. */
  readonly telling?: boolean
}

/** Runs test files, each in a process of its own; prints each file when it ends and each failure at once. */
export async function runFiles({
  root,
  files,
  timeoutMs,
  environment = {},
  concurrency = Math.min(4, availableParallelism() + 1),
  telling = process.env['MILLRACE_TEST_VERBOSE'] !== undefined,
}: RunOptions): Promise<Counts> {
  Object.assign(process.env, environment)
  const counts = nothing()
  if (files.length === 0) return counts
  await makeStartsCheap()
  const events = run({ files: files.map((file) => join(root, file)), concurrency, timeout: timeoutMs, cwd: root })
  const short = (file: string | undefined): string => (file ?? '').replace(`${root}/`, '')
  for await (const { type, data } of events) {
    if (type === 'test:pass' && isTest(data)) {
      if (data.skip === undefined || data.skip === false) counts.passed += 1
      else counts.skipped.push(`${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`)
    } else if (type === 'test:fail' && isTest(data)) {
      const { error } = data.details
      if ('failureType' in error && error.failureType === 'subtestsFailed') continue
      counts.failed += 1
      console.log(`\nFAILED  ${short(data.file)}:${data.line ?? ''}  ${data.name}\n${explain(error)}\n`)
    } else if (type === 'test:summary' && data.file !== undefined) {
      const { tests, passed } = data.counts
      console.log(
        `${data.success ? 'ok    ' : 'FAILED'}  ${short(data.file)}  ${passed} of ${tests}, ${(data.duration_ms / 1000).toFixed(1)} s`,
      )
    } else if (type === 'test:stderr' && telling) process.stderr.write(data.message)
  }
  return counts
}

/** Files of tests get this in their environment and hand it on to the processes that they start. */
async function makeStartsCheap(): Promise<void> {
  await providePgliteTemplate()
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'millrace-compiled')
  const preload = `--import=${new URL('quick-imports.mjs', import.meta.url).href}`
  const options = process.env['NODE_OPTIONS'] ?? ''
  if (!options.includes(preload)) process.env['NODE_OPTIONS'] = `${options} ${preload}`.trim()
}

function isTest(data: { readonly details: { readonly type?: string | undefined }; readonly nesting: number }): boolean {
  return data.details.type !== 'suite'
}

function explain(error: Error & { cause?: unknown }): string {
  const cause = error.cause instanceof Error ? error.cause : error
  return (cause.stack ?? String(error.cause ?? error.message))
    .split('\n')
    .slice(0, 25)
    .map((line) => `    ${line}`)
    .join('\n')
}
