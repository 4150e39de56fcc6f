/**
 * Differences between what a home answered when it was made and what it answers now that are meant. The recorded
 * answers are never edited: a change that a user can see is declared here, with its reason.
 *
 * A declaration that no difference needs fails the test, so that the list stays true.
 *
 * @example
 * { at: /^GET \/api\/v1\/pipelines.*: (items\[[^\]]+\]\.)?type$/, because: 'Decision 0042: "batch" is called "once".',
 *   now: (recorded) => recorded === 'batch' ? 'once' : recorded }
 */
export interface DeclaredChange {
  /** Matches `<method> <path>: <place in the answer>`; for tokens `<method> <path> with the token "<name>": allowed`. */
  readonly at: RegExp
  /** The decision or the sentence of the changelog that announces it. */
  readonly because: string
  /** What is right now, from what was recorded. Any value is right where it is absent. */
  readonly now?: (recorded: unknown) => unknown
  /** The home may be named for which alone this holds. */
  readonly home?: string
}

/** Where the answer to a recorded question is found now: for a route whose parameter means something else today. */
export interface MovedQuestion {
  readonly at: RegExp
  readonly because: string
  readonly path: (recorded: string, ids: ReadonlyMap<string, string>) => string
}

export const changes: readonly DeclaredChange[] = []

/** `ids` gives the id of a pipeline by its name. */
export const moved: readonly MovedQuestion[] = [
  {
    at: /^GET \/api\/v1\/datasets\/[^/]*(file|postgres)%2C%20checked\/quarantine/,
    because: 'Changelog, "Quarantine": rows whose destination is no dataset are listed with their pipeline.',
    path: (recorded, ids) =>
      recorded.replace(/datasets\/([^/]+)/, (_, name: string) => `pipelines/${ids.get(decodeURIComponent(name))}`),
  },
]
