/** What a run works with: a place for its stages, an engine that stops with it, a way to keep rejected rows. */
import { createInterface } from 'node:readline'
import { parseExact, type WrittenNumber } from '#core/exact-json'
import { withJsonValues } from '#core/json-text'
import type { Connectors, Use } from '#modules/connectors'
import type { Datasets, QuarantinedRow, QuarantineOwner, Reader } from '#modules/datasets'
import type { Explore } from '#modules/explore'
import type { Identity } from '#modules/identity'
import type { Warehouse } from '#ports/warehouse'
import { render, show } from '#sdk'
import type { Checked } from '../plan/checks.ts'
import type { PartIdentity, PartTools } from './run-part.ts'
import { stages } from '../plan/stage.ts'
import type { Stages } from '../plan/stage.ts'

export interface RunNeeds {
  readonly warehouse: Warehouse
  readonly connectors: Connectors
  readonly datasets: Datasets
  readonly explore: Explore
  readonly identity: Pick<Identity, 'actorOf'>
}

export type Context = Omit<PartTools, 'recorder'> & {
  readonly stages: Stages
  /** Stages that outlive the run; another that has the same owner finds them. */
  readonly stagesOf: (owner: string) => Stages
}

const quarantineBatch = 1_000

export async function runContext(
  needs: RunNeeds,
  reader: Reader,
  owner: string,
  options: {
    signal: AbortSignal
    seconds: number
    memoryBytes?: number
    onProgress?: NonNullable<Use['onProgress']>
    onStatement?: (statement: string) => void
    /** No attempt of this owner was made before. */
    isNew?: boolean
  },
): Promise<Context> {
  const { workspace } = reader
  const { system } = await needs.datasets.place(workspace)
  const around = await needs.connectors.surroundings(reader, options)
  return {
    around,
    stages: stages(around.engine, system, owner, options),
    stagesOf: (other) => stages(around.engine, system, other, { onStatement: options.onStatement }),
    explore: needs.explore,
    reader,
    insertRecords: async (place, ndjson) => {
      if (ndjson === '') return
      await needs.warehouse.insert(`INSERT INTO ${show(place)} FORMAT JSONAsString`, Buffer.from(ndjson), {
        signal: options.signal,
        lane: 'batch',
      })
    },
    countKept: (owner, part) => needs.datasets.quarantine.count(workspace, owner, `${part.id}#`),
    discardKept: (owner, part) => needs.datasets.quarantine.discard(workspace, owner, `${part.id}#`),
    quarantine: (owner, checked, part) =>
      keepBroken(needs, workspace, { owner, checked, part, signal: options.signal }),
    keepRejected: (owner, rejected, part) => {
      const at = new Date().toISOString()
      const times = new Map<number, number>()
      const rows = rejected.map(({ number, code, reason, row, record }) => ({
        id: `${part.id}#row${numberedOnce(times, number)}`,
        at,
        source: `run:${part.run}`,
        reason,
        problems: [{ at: `rows.${number}`, code, message: reason }],
        row,
        ...(record === undefined ? {} : { record: JSON.stringify(record) }),
      }))
      return needs.datasets.quarantine.keep(workspace, owner, rows)
    },
  }
}

/** Rows of several files share numbers. */
function numberedOnce(times: Map<number, number>, number: number): string {
  const seen = (times.get(number) ?? 0) + 1
  times.set(number, seen)
  return seen === 1 ? String(number) : `${number}-${seen}`
}

/** Row by row, because each carries its own reasons. An attempt after a crash puts its rows in place of the earlier ones. */
async function keepBroken(
  needs: RunNeeds,
  workspace: string,
  {
    owner,
    checked,
    part,
    signal,
  }: { owner: QuarantineOwner; checked: Checked; part: PartIdentity; signal: AbortSignal },
): Promise<void> {
  if (checked.quarantined.count === 0) return
  const { text, parameters } = render(checked.quarantined.select)
  const lines = createInterface({
    input: await needs.warehouse.stream(text, 'JSONEachRow', { parameters, signal, lane: 'batch' }),
  })
  const at = new Date().toISOString()
  const json = checked.rows.columns.flatMap(({ name, type }) => (type === 'json' ? [name] : []))
  let rows: QuarantinedRow[] = []
  let number = 0
  for await (const line of lines) {
    if (line === '') continue
    number += 1
    const { _breaks, ...row } = parseExact(line) as { _breaks: WrittenNumber[] } & Record<string, unknown>
    const broken = _breaks
      .flatMap(({ rawJSON }) => checked.results[Number(rawJSON) - 1] ?? [])
      .filter(({ rule }) => rule.severity === 'error')
    rows.push({
      id: `${part.id}#${number}`,
      at,
      source: `run:${part.run}`,
      reason: `Breaks the rule ${broken.map(({ says }) => says).join('; ')}.`,
      problems: broken.map(({ rule, says }) => ({
        at: rule.rule.fields(rule.settings)[0] ?? '',
        code: rule.rule.type,
        message: `Breaks the rule ${says}.`,
      })),
      row: JSON.stringify(withJsonValues(row, json)),
    })
    if (rows.length === quarantineBatch) {
      await needs.datasets.quarantine.keep(workspace, owner, rows)
      rows = []
    }
  }
  await needs.datasets.quarantine.keep(workspace, owner, rows)
}
