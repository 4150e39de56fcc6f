/** A module calls another one only when it says so in `needs`, because that is what orders the start. */
import { isTest, type Source } from './source.ts'
import type { Crossing } from './crossing.ts'
import { unitOf } from './units.ts'

/** The names in `needs: { … }` of a `module.ts`, or of the `needs.ts` beside it; `undefined` in other files. */
function needsIn({ path, code }: Source): readonly string[] | undefined {
  if (!/^src\/modules\/[\w-]+\/(module|needs)\.ts$/.test(path)) return undefined
  const list = /^(?:\s+needs:|export const needs =)\s*\{([^}]*)\}/m.exec(code)?.[1] ?? ''
  return list.split(',').flatMap((part) => /^\s*(\w+)/.exec(part)?.[1] ?? [])
}

/** Values of `#modules/x` in the server code of a module that does not need `x`. Types and contracts need nothing. */
export function needCrossings(sources: readonly Source[]): Crossing[] {
  const needs = new Map<string, Set<string>>()
  for (const source of sources) {
    const { folder } = unitOf(source.path)
    const names = needsIn(source)
    if (names) needs.set(folder, new Set([...(needs.get(folder) ?? []), ...names]))
  }
  return sources.flatMap(({ path, imports }) => {
    const { layer, folder } = unitOf(path)
    if (layer !== 'modules' || isTest(path)) return []
    return imports.flatMap(({ from, typeOnly, line }) => {
      const name = /^#modules\/([\w-]+)$/.exec(from)?.[1]
      if (name === undefined || typeOnly || `src/modules/${name}` === folder) return []
      if (needs.get(folder)?.has(camelCase(name))) return []
      const says = `uses "${from}", which is not in \`needs\` of ${folder}/module.ts; add it or import types only`
      return [{ file: path, line, rule: 'undeclared-need', says }]
    })
  })
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
