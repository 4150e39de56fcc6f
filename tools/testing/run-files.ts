import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { providePgliteTemplate } from '#adapters/pglite/template-fixture'
import { groupFiles } from './file-groups.ts'
import { FileReport, nothing, type Counts } from './file-report.ts'

export interface RunOptions {
  readonly root: string
  readonly files: readonly string[]
  /** For one test file as a whole, and for the process of several. */
  readonly timeoutMs: number
  readonly environment?: Readonly<Record<string, string>>
  /** Processes at once. Default: one more than there are cores, at most four, since many files wait for clocks, processes and disks. */
  readonly concurrency?: number
  /** Passes on what tests write to standard error: how far a long one is. */
  readonly telling?: boolean
}

/** Runs test files: light ones several to a process (see light-files.ts), each other one in a process of its own. */
export async function runFiles({
  root,
  files,
  timeoutMs,
  environment = {},
  concurrency = Math.min(4, availableParallelism() + 1),
  telling = process.env['MILLRACE_TEST_VERBOSE'] !== undefined,
}: RunOptions): Promise<Counts> {
  Object.assign(process.env, environment)
  if (files.length === 0) return nothing()
  await makeStartsCheap()
  const { entries, groups, remove } = groupFiles(root, files, timeoutMs)
  const report = new FileReport(root, groups)
  try {
    for await (const event of run({ files: [...entries], concurrency, timeout: timeoutMs, cwd: root })) {
      report.add(event)
      if (event.type === 'test:stderr' && telling) process.stderr.write(event.data.message)
    }
  } finally {
    remove()
  }
  return report.end()
}

/** Files of tests get this in their environment and hand it on to the processes that they start. */
async function makeStartsCheap(): Promise<void> {
  await providePgliteTemplate()
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'millrace-compiled')
  const preload = `--import=${new URL('quick-imports.mjs', import.meta.url).href}`
  const options = process.env['NODE_OPTIONS'] ?? ''
  if (!options.includes(preload)) process.env['NODE_OPTIONS'] = `${options} ${preload}`.trim()
}
