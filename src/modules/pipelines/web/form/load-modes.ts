/** What a run does to the rows that are there already, in words. */
import type { Draft } from './draft.ts'

export type LoadMode = 'append' | 'overwrite' | 'merge'

export const loadModes: readonly { readonly mode: LoadMode; readonly title: string; readonly about: string }[] = [
  {
    mode: 'overwrite',
    title: 'Replace all rows',
    about: 'The rows of a run take the place of all that are there. Until the run succeeds, the old ones stay.',
  },
  {
    mode: 'append',
    title: 'Append',
    about: 'Rows are added and those that are there stay. A second run over the same source adds them again.',
  },
  {
    mode: 'merge',
    title: 'Merge by key',
    about: 'A row with the same key is updated, others are added. Rows that the source no longer has stay.',
  },
]

/** The mode a pipeline has: what it says, else what the server takes for it. */
export function modeOf({ type, destination }: Pick<Draft, 'type' | 'destination'>): LoadMode {
  const said = loadModes.find(({ mode }) => mode === destination.config['mode'])?.mode
  if (said !== undefined) return said
  if (type === 'streaming') return 'append'
  return destination.config['key'] === undefined ? 'overwrite' : 'merge'
}

/** A streaming run never ends, so that there is no moment at which its rows could replace others. */
export function modesFor(type: Draft['type']): typeof loadModes {
  return type === 'streaming' ? loadModes.filter(({ mode }) => mode !== 'overwrite') : loadModes
}
