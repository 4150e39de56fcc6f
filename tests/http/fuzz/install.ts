/** Schemathesis in a virtual environment of Python in the user's cache, outside of the repository. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const requirements = join(import.meta.dirname, 'requirements.txt')

/** The Python that has it (`python -m schemathesis.cli`); `undefined` without a Python of at least 3.10. */
export async function schemathesis(): Promise<string | undefined> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'millrace')
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const folder = join(cache, `schemathesis-${digest}`)
  const python = join(folder, 'bin', 'python')
  if (existsSync(python)) return python
  if (!(await hasPython())) return undefined
  console.error(`  Installing Schemathesis into ${folder}`)
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'fetching-'))
  try {
    await run('python3', ['-m', 'venv', fresh])
    await run(join(fresh, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', requirements])
    await rename(fresh, folder)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(python)) throw error
  }
  return python
}

async function hasPython(): Promise<boolean> {
  const check = 'import sys, venv; sys.exit(sys.version_info < (3, 10))'
  return await run('python3', ['-c', check]).then(
    () => true,
    () => false,
  )
}
