/** Schemathesis over a real server with data in it: every request that the OpenAPI document allows, and many that it does not. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fill } from '../fill.ts'
import { startServer, token } from '../../server-process.ts'
import { freePort } from '../../../tools/testing/free-port.ts'

export interface FuzzOptions {
  readonly python: string
  readonly phases: readonly ('examples' | 'coverage' | 'fuzzing' | 'stateful')[]
  readonly seed: number
  /** Of each operation and phase. */
  readonly maxExamples: number
  readonly maxSeconds: number
}

export interface FuzzResult {
  readonly ok: boolean
  /** Failures with the requests that repeat them, and the seed. */
  readonly report: string
}

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-fuzz-'))
  const server = startServer({ home, port: await freePort() })
  try {
    await server.ready()
    await fill(
      async (method, path, body) => {
        const answer = await server.ask(path, { method, ...(body && { body: JSON.stringify(body) }) })
        const text = await answer.text()
        return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
      },
      async (path, content) => {
        await mkdir(join(home, 'files'), { recursive: true })
        await writeFile(join(home, 'files', path), content)
      },
    )
    return await schemathesisRun(server.url, home, options)
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

async function schemathesisRun(
  url: string,
  folder: string,
  { python, phases, seed, maxExamples, maxSeconds }: FuzzOptions,
): Promise<FuzzResult> {
  const child = spawn(
    python,
    [
      ...['-m', 'schemathesis.cli', '--config-file', join(import.meta.dirname, 'schemathesis.toml')],
      ...['run', `${url}/openapi.json`, '--header', `Authorization: Bearer ${token}`, '--no-color'],
      ...['--phases', phases.join(','), '--seed', String(seed), '--max-examples', String(maxExamples)],
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: 'hooks',
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: maxSeconds * 1000,
    },
  )
  let report = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (report = (report + chunk.toString()).slice(-100_000)))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // The first lines of an error are shown where tests run, and these tell what failed.
  const failures = report.slice(Math.max(0, report.search(/^=+ FAILURES =+$/m)))
  return { ok: code === 0, report: code === null ? `Ended after ${maxSeconds} s.\n${report}` : failures }
}
