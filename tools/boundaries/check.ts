import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crossingsOf, type Crossing, type Declared } from './rules.ts'
import { readSources } from './source.ts'

export function checkBoundaries(root: string): { readonly files: number; readonly crossings: readonly Crossing[] } {
  const sources = readSources(root)
  return { files: sources.length, crossings: crossingsOf(sources, declaredIn(root)) }
}

function declaredIn(root: string): Declared {
  const declared = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports?: Record<string, string | Record<string, string>>
    dependencies?: Record<string, string>
    devDependencies?: Record<string, string>
  }
  const faces = Object.entries(declared.imports ?? {}).map(
    ([face, file]) => [face, (typeof file === 'string' ? file : file['default']!).replace(/^\.\//, '')] as const,
  )
  return {
    faces: new Map(faces),
    dependencies: new Set(Object.keys(declared.dependencies ?? {})),
    devDependencies: new Set(Object.keys(declared.devDependencies ?? {})),
  }
}
