/** `npm run new:module -- <name>`: the skeleton of a module, which boots, answers and passes its test. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
const packageFile = join(root, 'package.json')
const declared = readFileSync(packageFile, 'utf8')
const faces = [
  `    "#modules/${name}": "./src/modules/${name}/index.ts",`,
  `    "#modules/${name}/module": "./src/modules/${name}/module.ts",`,
]
writeFileSync(
  packageFile,
  declared.replace('  "imports": {\n', (line) => `${line}${faces.join('\n')}\n`),
)
console.log(`Made src/modules/${name} and its faces in package.json. Add it to the list in src/apps/server/modules.ts.`)
