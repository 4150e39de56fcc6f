import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Crossing } from './crossing.ts'
import { crossingsOf, type Declared } from './rules.ts'
import { readSources } from './source.ts'

export function checkBoundaries(root: string): { readonly files: number; readonly crossings: readonly Crossing[] } {
  const sources = readSources(root)
  return { files: sources.length, crossings: crossingsOf(sources, declaredIn(root)) }
}

function declaredIn(root: string): Declared {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  const declared = JSON.parse(text) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>
  return {
    text,
    dependencies: new Set(Object.keys(declared.dependencies ?? {})),
    devDependencies: new Set(Object.keys(declared.devDependencies ?? {})),
  }
}
