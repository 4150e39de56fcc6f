/** The columns a pipeline takes of its source: a first step "map" that only selects, which the form makes and removes. */
import type { Part } from './draft.ts'

/** `undefined`: all. */
export function chosenColumns([first]: readonly Part[]): readonly string[] | undefined {
  const select =
    first?.type === 'map' && Object.keys(first.config).join() === 'select' ? first.config['select'] : undefined
  return Array.isArray(select) && select.every((name) => typeof name === 'string') ? select : undefined
}

export function withColumns(
  steps: readonly Part[],
  chosen: readonly string[],
  all: readonly string[],
): readonly Part[] {
  const others = chosenColumns(steps) === undefined ? steps : steps.slice(1)
  const select = all.filter((name) => chosen.includes(name))
  return select.length === all.length ? others : [{ type: 'map', config: { select } }, ...others]
}
