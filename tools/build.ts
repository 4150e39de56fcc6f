/** `npm run build`: the web into dist/web and the server into dist/millrace; `build web` only the first. */
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureWeb } from './bootstrap/web.mjs'
import { compileTree } from './packaging/compile.ts'
import { declareSdk } from './packaging/declare.ts'
import { root } from './program.ts'
import { checkEntrySize } from './web/bundle-size.ts'

ensureWeb(root, process.execPath)
const entry = checkEntrySize(join(root, 'dist', 'web'))
console.log(entry.says)
if (!entry.ok) process.exit(1)
if (process.argv[2] !== 'web') {
  const to = join(root, 'dist', 'millrace')
  rmSync(to, { recursive: true, force: true })
  const { files } = await compileTree(root, to)
  declareSdk(root, to)
  writeFileSync(join(to, 'cli.js'), "import './src/apps/cli/main.js'\n")
  copyFileSync(fileURLToPath(import.meta.resolve('rapidoc')), join(to, 'src', 'kernel', 'http', 'rapidoc.js'))
  console.log(`Built ${files} files into dist/millrace`)
}
