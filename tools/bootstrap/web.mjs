import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Builds the web when a source of it has changed since the last time. */
export function ensureWeb(root, node) {
  const stamp = join(root, 'dist', 'web', '.sources')
  const sources = sourcesHash(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return
  process.stderr.write('Building the web\n')
  const built = spawnSync(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`The web could not be built:\n${built.stdout}${built.stderr}`.trim())
  writeFileSync(stamp, sources)
}

/** The web app, the design system, every module's pages and contract, and what those stand on. */
const isSource = (path) =>
  /^src\/(apps\/web|ui|core)\/|^src\/kernel\/(module\/contract|http\/client)|^src\/modules\/[^/]+\/(web\/|contract)/.test(
    path,
  ) && !path.includes('.test.')

export function sourcesHash(root) {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', 'vite.config.ts', 'tsconfig.json'])
    hash.update(readFileSync(join(root, file)))
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    const path = `${(entry.parentPath ?? entry.path).slice(root.length + 1)}/${entry.name}`
    if (entry.isFile() && isSource(path))
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}
