/** `npm run new:module -- <name>`: the skeleton of a module, which boots, answers and passes its test. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { moduleFiles } from './new-module/skeleton.ts'
import { root } from './program.ts'

const name = process.argv[2] ?? ''
const folder = join(root, 'src', 'modules', name)
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  console.error(
    'Say the name of the module: npm run new:module -- insights. It is a noun in small letters that a customer would say.',
  )
  process.exit(2)
}
if (existsSync(folder)) {
  console.error(`There is a module "${name}" already, in src/modules/${name}.`)
  process.exit(2)
}
for (const [path, text] of Object.entries(moduleFiles(name))) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
console.log(`Made src/modules/${name}. Add it to the list in src/apps/server/modules.ts, then run: npm run faces`)
