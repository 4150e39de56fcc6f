import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Crossing } from './crossing.ts'
import { crossingsOf, type Declared } from './rules.ts'
import { isTest, readSources } from './source.ts'

export interface Checked {
  readonly files: number
  /** Of the files that are shipped: without tests. */
  readonly medianLines: number
  readonly crossings: readonly Crossing[]
}

export function checkBoundaries(root: string): Checked {
  const sources = readSources(root)
  const shipped = sources.filter(({ path }) => /^(src|connectors|packs)\/.*\.tsx?$/.test(path) && !isTest(path))
  const lengths = shipped.map(({ lines }) => lines).toSorted((a, b) => a - b)
  return {
    files: sources.length,
    medianLines: lengths[Math.floor(lengths.length / 2)] ?? 0,
    crossings: crossingsOf(sources, declaredIn(root)),
  }
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
