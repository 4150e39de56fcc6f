/** The commands of the documents, pasted one document after the other into a shell beside one server. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { startServer } from '#apps/server'
import { commandsIn, type Example } from './read.ts'

const root = join(import.meta.dirname, '..', '..')
/** In the order in which somebody new reads them. */
const documents = [
  'README.md',
  'docs/guide/first-pipeline.md',
  'docs/guide/connections.md',
  'docs/guide/live-numbers.md',
  ...globSync('src/modules/*/README.md', { cwd: root }).toSorted(),
]

const folder = mkdtempSync(join(tmpdir(), 'millrace-documents-'))
symlinkSync(join(root, 'bin'), join(folder, 'bin'))
const server = await startServer({
  environment: {
    MILLRACE_HOME: join(folder, '.millrace'),
    MILLRACE_PORT: '0',
    MILLRACE_DEMO: '0',
    MILLRACE_DURABILITY: 'process',
    MILLRACE_LOG_LEVEL: 'error',
  },
  cwd: folder,
  purpose: 'the commands of the documents',
})
after(async () => {
  await server.stop(1_000)
  rmSync(folder, { recursive: true, force: true })
})

/** `<id>` is the one in the answer before, `# {…}` that answer; a refusal ends the shell. */
const beginning = `set -euo pipefail
curl() { command curl --fail-with-body "$@" | tee answer; }
answered() { grep -qxF "$1" answer || { echo "The document says $1"; exit 1; }; }
answered_id() { sed -En 's/.*"id":"([^"]+)".*/\\1/p' answer; }
`

function scriptOf(commands: readonly Example[]): string {
  const blocks = commands.map(
    ({ file, line, lines }) => `echo "# ${file}:${line}"\n${lines.map(withAnswer).join('\n')}\n`,
  )
  return (
    beginning +
    blocks.join('').replaceAll('localhost:8000', new URL(server.url).host).replaceAll('<id>', '$(answered_id)')
  )
}

function withAnswer(line: string): string {
  return line.startsWith('# {') ? `answered '${line.slice(2)}'` : line
}

const skip = spawnSync('curl', ['--version']).error !== undefined && 'there is no curl on the path'

for (const document of documents) {
  // `npm start` and `npm test` are what brought us here.
  const commands = commandsIn(root, document).filter(({ lines }) => !lines.every((line) => line.startsWith('npm ')))
  if (commands.length === 0) continue
  test(`the commands of ${document} do what they are there for`, { skip }, async () => {
    const shell = spawn('bash', ['-c', scriptOf(commands)], {
      cwd: folder,
      env: {
        PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
        HOME: folder,
        TOKEN: server.token,
        URL: server.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    })
    const [ended, said, complained] = await Promise.all([
      new Promise((resolve) => shell.once('close', resolve)),
      shell.stdout.toArray(),
      shell.stderr.toArray(),
    ])
    assert.equal(ended, 0, `${said.join('')}\n${complained.join('')}`)
  })
}
