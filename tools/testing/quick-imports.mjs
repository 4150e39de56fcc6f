/**
 * Preloaded into every process of a test run: resolves imports of TypeScript files by their text and one reading of
 * package.json. Node.js parses the whole package.json, with its list of faces, anew for each import, which takes a
 * third of the time in which a process loads the application. Plain JavaScript, since any Node.js may get it.
 */
import { readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'

const root = new URL('../../', import.meta.url).href
const { imports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

function fileOf(specifier, parent) {
  if (!parent.startsWith(root) || parent.includes('/node_modules/')) return undefined
  if (specifier.startsWith('#')) return imports[specifier] && new URL(imports[specifier], root).href
  return /^\.{1,2}\//.test(specifier) ? new URL(specifier, parent).href : undefined
}

nodeModule.registerHooks?.({
  resolve(specifier, context, next) {
    const url = fileOf(specifier, context.parentURL ?? '')
    if (!url?.endsWith('.ts')) return next(specifier, context)
    return { url, format: 'module-typescript', shortCircuit: true }
  },
})
