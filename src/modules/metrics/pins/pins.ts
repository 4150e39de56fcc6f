/** The metrics that somebody pinned to Home. */
import type { Problem } from '#core/errors'
import { principalOf, type Actor } from '#core/actor'
import { withSuggestion } from '#core/nearest'
import type { Metadata } from '#ports/metadata'
import { metricErrors } from '../errors.ts'

export interface Pins {
  /** In their order, without those whose metric is gone. */
  of(actor: Actor): Promise<readonly string[]>
  /** Rejects with `metrics.invalid_pins` when a code is new among the pins and no metric has it. */
  replace(actor: Actor, codes: readonly string[]): Promise<readonly string[]>
}

export function openPins(metadata: Metadata, codesOf: (workspace: string) => readonly string[]): Pins {
  const stored = async (actor: Actor): Promise<readonly string[]> => {
    const { kind, id } = principalOf(actor)
    const { workspace } = actor
    const { rows } = await metadata.inWorkspace(workspace).query<{
      codes: readonly string[]
    }>('select codes from metrics.pins where workspace = $1 and principal_kind = $2 and principal_id = $3', [workspace, kind, id])
    return rows[0]?.codes ?? []
  }
  const existing = (workspace: string, codes: readonly string[]): readonly string[] => {
    const known = new Set(codesOf(workspace))
    return codes.filter((code) => known.has(code))
  }
  return {
    of: async (actor) => existing(actor.workspace, await stored(actor)),
    async replace(actor, codes) {
      const { workspace } = actor
      // A page that has not heard that a metric is gone sends its pin along.
      const allowed = new Set([...codesOf(workspace), ...(await stored(actor))])
      const problems = codes.flatMap((code, index) => (allowed.has(code) ? [] : [unknownMetric(code, index, allowed)]))
      if (problems.length > 0) throw metricErrors.invalid_pins({}, { problems })
      const pinned = existing(workspace, codes)
      const { kind, id } = principalOf(actor)
      await metadata.inWorkspace(workspace).query(
        `insert into metrics.pins (workspace, principal_kind, principal_id, codes) values ($1, $2, $3, $4::jsonb)
         on conflict (workspace, principal_kind, principal_id) do update set codes = excluded.codes, updated_at = now()`,
        [workspace, kind, id, JSON.stringify(pinned)],
      )
      return pinned
    },
  }
}

function unknownMetric(code: string, index: number, known: ReadonlySet<string>): Problem {
  return {
    at: `metrics[${index}]`,
    code: 'unknown_metric',
    ...withSuggestion(`There is no metric "${code}".`, code, known),
  }
}
