import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lists, registered } from './new-module/register.ts'
import { moduleFiles } from './new-module/skeleton.ts'
import { root, runInstalled } from './program.ts'

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
for (const list of lists) {
  const path = join(root, list)
  writeFileSync(path, registered(list, readFileSync(path, 'utf8'), name))
}
runInstalled('oxfmt', [folder, ...lists])
await import('./faces.ts')
console.log(`Made src/modules/${name} and added it to ${lists.join(' and ')}.
Its test: npm test -- src/modules/${name}. For docs/reference: npm run reference. The key of its page is in web/pages.tsx.
The tests of all lists need two of its items: add them in tests/http/fill.ts.`)
