/** `npm run faces`: writes `imports` of package.json anew from the `#…` imports of the code. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { facesOf, withFaces } from './boundaries/faces.ts'
import { readSources } from './boundaries/source.ts'
import { root } from './program.ts'

const path = join(root, 'package.json')
const { faces, ambiguous } = facesOf(readSources(root))
writeFileSync(path, withFaces(readFileSync(path, 'utf8'), faces))
console.log(`package.json lists ${faces.size} faces.`)
for (const [face, files] of ambiguous) {
  console.error(`"${face}" could be each of ${files.join(', ')}. Rename all but one.`)
  process.exitCode = 1
}
