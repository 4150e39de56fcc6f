/** The known name that was probably meant, if one is near enough. */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase()
  const bound = Math.floor((wanted.length + 1) / 3)
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase(), bound)
    if (distance <= bound && (best === undefined || distance < best.distance)) best = { name, distance }
  }
  return best?.name
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other; beyond `bound` only "more". */
function editDistance(one: string, other: string, bound: number): number {
  if (Math.abs(one.length - other.length) > bound) return bound + 1
  let before: number[] = []
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1]
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
    }
    before = previous
    previous = row
  }
  return previous[other.length]!
}

/**
 * What a problem says and suggests about a name that is not known. `otherwise` follows where no known name is near.
 *
 * ```ts
 * withSuggestion('There is no field "nmae" here.', 'nmae', ['name']).message // 'There is no field "nmae" here. Did you mean "name"?'
 * withSuggestion('There is no field "xyz" here.', 'xyz', ['name']) // { message: 'There is no field "xyz" here.' }
 * withSuggestion('There is no unit "xyz".', 'xyz', ['€'], 'There is €.') // { message: 'There is no unit "xyz". There is €.' }
 * ```
 */
export function withSuggestion(
  sentence: string,
  given: string,
  known: Iterable<string>,
  otherwise?: string,
): { readonly message: string; readonly suggestion?: string } {
  const suggestion = nearest(given, known)
  if (suggestion === undefined) return { message: otherwise === undefined ? sentence : `${sentence} ${otherwise}` }
  return { message: `${sentence} Did you mean "${suggestion}"?`, suggestion }
}
