/**
 * Node's compile cache for a server that runs from TypeScript: with it neither the server, nor its threads, nor the
 * engine load the compiler that strips types, which stays in memory, some 40 MB in all, and a start takes less time.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Turns the cache on for this process and its children, and fills it when a source has changed. `node` runs the server. */
export function enableCompileCache(root, node) {
  const given = process.env['NODE_COMPILE_CACHE'] || process.env['NODE_DISABLE_COMPILE_CACHE']
  if (given) return
  const folder = join(root, 'node_modules', '.cache', 'millrace')
  try {
    fill(root, node, folder)
  } catch {
    // A clone that cannot be written to: the server then compiles for itself.
    return
  }
  process.env['NODE_COMPILE_CACHE'] = folder
  if (node === process.execPath) module.enableCompileCache(folder)
}

/** Loads every module of the server in a process that ends before it runs the first of them. */
function fill(root, node, folder) {
  const files = serverSources(root)
  const newest = Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs))
  // Another Node.js may come under the same path; one that Millrace fetched has its version in its path.
  const version = node === process.execPath ? process.version : undefined
  const state = JSON.stringify({ root, node, version, files: files.length, newest })
  const stamp = join(folder, 'sources.json')
  if (readState(stamp) === state) return
  mkdirSync(folder, { recursive: true })
  // Fails at once where nothing can be kept, and what an earlier, unfinished fill left is not taken for whole.
  writeFileSync(stamp, '')
  const ofThreads = files.filter((file) => /^src\/(adapters\/pglite|kernel\/workers)\//.test(file))
  const place = { root, node, folder }
  const filled = [load(place, [], files), load(place, files.filter(setsFlags), ofThreads)]
  if (!filled.includes(false)) writeFileSync(stamp, state)
}

/** It sets flags of V8 before the server's threads start, and Node keeps compiled code apart by these flags. */
const setsFlags = (file) => file === 'src/adapters/pglite/compiled-once.ts'

/** Loads `files`, after it has run `before`. */
function load({ root, node, folder }, before, files) {
  const imports = (paths) =>
    paths.map((path) => `import ${JSON.stringify(pathToFileURL(join(root, path)).href)}\n`).join('')
  const all = `import 'data:text/javascript,process.exit(0)'\n${imports(files)}`
  const program = `${imports(before)}
    import module from 'node:module'
    module.enableCompileCache(${JSON.stringify(folder)})
    await import(${JSON.stringify(`data:text/javascript,${encodeURIComponent(all)}`)})`
  const options = { cwd: root, input: program, stdio: ['pipe', 'ignore', 'ignore'] }
  return spawnSync(node, ['--input-type=module', '-'], options).status === 0
}

function readState(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const isForServer = (path) =>
  path.endsWith('.ts') && !/\.test\.ts$|\.d\.ts$|-fixture\.ts$|\/(web|ui|suites|conformance)\//.test(path)

/** Paths of the TypeScript files that a server may load, and few others. */
export function serverSources(root) {
  return ['src', 'connectors', 'packs']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => `${folder}/${path}`))
    .map((path) => path.replaceAll('\\', '/'))
    .filter(isForServer)
    .sort()
}
