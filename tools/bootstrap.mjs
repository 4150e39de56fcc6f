/**
 * The way in from a fresh clone, on any Node.js from 20 on and without a single package installed:
 * installs packages, fetches a newer Node.js where this one is too old, builds the web, and goes on
 * there. `node tools/bootstrap.mjs start`, or `node tools/bootstrap.mjs <file> …` for any program.
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { enableCompileCache } from './bootstrap/compile-cache.mjs'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { endWithNpm } from './bootstrap/end-with-npm.mjs'
import { ensureNode } from './bootstrap/node.mjs'
import { ensureWeb } from './bootstrap/web.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const commandLine = 'src/apps/cli/main.ts'

/** Runs a program of this clone with arguments. */
export async function run(program, args) {
  const node = await ready(program === commandLine && args[0] === 'start')
  if (node === process.execPath) {
    endWithNpm(() => process.kill(process.pid, 'SIGTERM'))
    process.argv = [node, join(root, program), ...args]
    await import(pathToFileURL(join(root, program)).href)
    return
  }
  const path = `${dirname(node)}:${process.env['PATH'] ?? ''}`
  const child = spawn(node, [join(root, program), ...args], { stdio: 'inherit', env: { ...process.env, PATH: path } })
  endWithNpm(() => child.kill('SIGTERM'))
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)))
}

async function ready(forServer) {
  try {
    await ensureDependencies(root)
    const node = await ensureNode()
    if (forServer) {
      ensureWeb(root, node)
      enableCompileCache(root, node)
    }
    return node
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first = 'start', ...rest] = process.argv.slice(2)
  await (first.endsWith('.ts') ? run(first, rest) : run(commandLine, [first, ...rest]))
}
