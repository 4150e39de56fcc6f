import { asProblem } from '../api/api-problem.ts'

/** What became of a definition since a form opened it. */
export interface SavedVersion {
  readonly version: number
  readonly at: string
  /** Nothing where it is not known who saved it. */
  readonly actor: { readonly name: string } | null
  readonly definition?: unknown
}

export interface VersionConflict {
  readonly newest: SavedVersion
  /** Absent where the version that was opened is no longer kept. */
  readonly change: { readonly before: unknown; readonly after: unknown } | undefined
}

/** `saved` has the newest version first. Nothing when that is the one that was opened. */
export function conflictSince(opened: number, saved: readonly SavedVersion[]): VersionConflict | undefined {
  const [newest] = saved
  if (newest === undefined || newest.version === opened) return undefined
  const before = saved.find(({ version }) => version === opened)
  return { newest, change: before && { before: before.definition, after: newest.definition } }
}

/** A save that was refused because the definition has another version by now. */
export function isStaleVersion(error: unknown): boolean {
  return asProblem(error).code === 'kernel.staleVersion'
}
