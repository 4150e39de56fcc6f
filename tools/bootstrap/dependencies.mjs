import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.mjs'

/** Installs what package-lock.json says, unless node_modules already holds exactly that. */
export async function ensureDependencies(root) {
  if (isInstalled(root)) return
  const count = Object.keys(packagesIn(join(root, 'package-lock.json'))).length - 1
  process.stderr.write(`Installing ${count} packages into node_modules (only the first time, or when they change)\n`)
  // None of the packages needs its install script to work, so none runs.
  const args = ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await npm(args, { cwd: root, doing: 'installing packages' })
}

/** npm writes what it installed beside the packages, as the last thing it does. */
export function isInstalled(root) {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const [wanted, there] = [packagesIn(join(root, 'package-lock.json')), packagesIn(installed)]
  return Object.entries(wanted).every(([path, { version, optional, devOptional, os, cpu, link }]) => {
    if (path === '' || link) return true
    const found = there[path]
    if (found) return found.version === version
    return optional || devOptional || (os && !os.includes(process.platform)) || (cpu && !cpu.includes(process.arch))
  })
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
