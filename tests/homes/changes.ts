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

const percentilesWithinValues =
  'Changelog, "Metrics": a percentile no longer leaves the range of its values, so one of a single value is that value.'
/** Of the days with a single value, from the sketch to that value. */
const singleValues = new Map<unknown, number>([
  [38.47970159744593, 38.86],
  [561.2801795946145, 563.72],
  [117.93907842332345, 118.05],
  [9.300642974848014, 9.39],
])

export const changes: readonly DeclaredChange[] = [
  {
    at: /\/metrics\/H\.P\d+\/values.*: points\[\d+\]\.value$/,
    because: percentilesWithinValues,
  },
  {
    at: /^POST \/query "SELECT \* FROM kpi_values_day ORDER BY ALL": rows\[\d+\]\[3\]$/,
    because: percentilesWithinValues,
    now: (recorded) => singleValues.get(recorded) ?? recorded,
  },
  {
    at: /^GET \/api\/v1\/pipelines.*: (items\[[^\]]+\]\.)?source\.config\.headers\.x-api-key$/,
    because: 'Changelog, "Source http": the values of headers are kept sealed and never shown again.',
    now: () => '***',
  },
  {
    at: /^GET \/api\/v1\/datasets\/[^/]+\/rows\?.*: next$/,
    because: 'Changelog, "HTTP": a cursor names its list, and one that this list has not given out is refused.',
  },
]

/** `ids` gives the id of a pipeline by its name. */
export const moved: readonly MovedQuestion[] = [
  {
    at: /^GET \/api\/v1\/datasets\/[^/]*(file|postgres)%2C%20checked\/quarantine/,
    because: 'Changelog, "Quarantine": rows whose destination is no dataset are listed with their pipeline.',
    path: (recorded, ids) =>
      recorded.replace(/datasets\/([^/]+)/, (_, name: string) => `pipelines/${ids.get(decodeURIComponent(name))}`),
  },
]
