import { withSuggestion } from './nearest.ts'

/** The sentence of every error about a dataset that is not there. */
export function missingDatasetSentence(name: string): string {
  return `There is no dataset "${name}" in this workspace.`
}

/**
 * What a problem says and suggests about it. `known` holds the datasets that the caller may know of; `otherwise` is what
 * to do where none of them is near.
 *
 * ```ts
 * missingDataset('odrers', ['orders']).suggestion // 'orders'
 * missingDataset('odrers', []) // { message: 'There is no dataset "odrers" in this workspace.' }
 * ```
 */
export function missingDataset(
  name: string,
  known: Iterable<string>,
  otherwise?: string,
): { readonly message: string; readonly suggestion?: string } {
  return withSuggestion(missingDatasetSentence(name), name, known, otherwise)
}
