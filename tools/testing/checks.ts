import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly output: string
}

/** The entry of the web is within its size; builds the web when it is stale. */
export async function bundleCheck(root: string): Promise<Check> {
  return await check(root, 'bundle', process.execPath, [join(root, 'tools', 'web', 'bundle-check.ts')])
}

/** Types, boundaries, lint and format. */
export async function staticChecks(root: string): Promise<readonly Check[]> {
  const bin = (name: string): string => join(root, 'node_modules', '.bin', name)
  const targets = ['src', 'connectors', 'packs', 'tests', 'tools', 'bench', 'vite.config.ts'].filter((path) =>
    existsSync(join(root, path)),
  )
  // What the last check of this clone knew: only what changed since then is checked again.
  const known = join(tmpdir(), `millrace-types-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.json`)
  const [boundaries, types] = await Promise.all([
    check(root, 'boundaries', process.execPath, [join(root, 'tools', 'boundaries.ts')]),
    check(root, 'types', process.execPath, [bin('tsc'), '-p', '.', '--incremental', '--tsBuildInfoFile', known]),
  ])
  const lint = await check(root, 'lint', process.execPath, [bin('oxlint'), ...targets])
  const format = await check(root, 'format', process.execPath, [bin('oxfmt'), '--list-different', ...targets])
  return [boundaries, types, lint, format]
}

function check(cwd: string, name: string, command: string, args: readonly string[]): Promise<Check> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve({ name, ok: false, output: error.message }))
    child.on('close', (code) => resolve({ name, ok: code === 0, output: output.trim() }))
  })
}
