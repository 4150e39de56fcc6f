/** Streaming pipelines that feed each other in a circle would move the same rows without end. */
import type { Problem } from '#core/errors'
import type { PipelineSpec } from '#core/pipeline'
import type { Connectors } from '#modules/connectors'
import type { SqlSession } from '#ports/metadata'
import { endDataset } from './end-dataset.ts'

export interface Flow {
  readonly name: string
  readonly reads: string
  readonly writes: string
}

/** Of a definition that is not stored yet, or takes the place of the pipeline `id`. */
export async function circleProblems(
  spec: PipelineSpec,
  id: string | undefined,
  parts: { session: Pick<SqlSession, 'query'>; workspace: string; connectors: Pick<Connectors, 'find'> },
): Promise<readonly Problem[]> {
  const flow = flowOf(spec, parts.connectors)
  if (spec.type !== 'streaming' || flow === undefined) return []
  const { rows } = await parts.session.query<Pick<PipelineSpec, 'name' | 'source' | 'destination'>>(
    `select name, body->'source' as source, body->'destination' as destination from pipelines.definition
     where workspace = $1 and body->>'type' = 'streaming' and id::text is distinct from $2 order by name`,
    [parts.workspace, id ?? null],
  )
  const way = wayBack(
    flow,
    rows.flatMap((row) => flowOf(row, parts.connectors) ?? []),
  )
  if (way === undefined) return []
  const others = way.map(({ name }) => `"${name}"`).join(', ')
  const streams = [flow.reads, flow.writes, ...way.map(({ writes }) => writes)].map((name) => `"${name}"`).join(' → ')
  return [
    {
      at: 'destination.config',
      code: 'streams_in_circle',
      message: `Together with the streaming ${way.length === 1 ? 'pipeline' : 'pipelines'} ${others}, this pipeline would move rows in a circle without end: ${streams}. Name another dataset in one of them.`,
    },
  ]
}

/** The shortest way by which what a flow writes comes back to what it reads. */
export function wayBack(flow: Flow, others: readonly Flow[]): readonly Flow[] | undefined {
  let ends: readonly (readonly Flow[])[] = others.filter(({ reads }) => reads === flow.writes).map((each) => [each])
  const seen = new Set([flow.writes])
  while (ends.length > 0) {
    const found = ends.find((way) => way.at(-1)?.writes === flow.reads)
    if (found !== undefined) return found
    ends = ends.flatMap((way) => {
      const { writes } = way.at(-1)!
      if (seen.has(writes)) return []
      seen.add(writes)
      return others.filter(({ reads }) => reads === writes).map((next) => [...way, next])
    })
  }
  return undefined
}

function flowOf(
  { name, source, destination }: Pick<PipelineSpec, 'name' | 'source' | 'destination'>,
  connectors: Pick<Connectors, 'find'>,
): Flow | undefined {
  const reads = endDataset(connectors.find(source.type)?.source?.inside, source.config)
  const writes = endDataset(connectors.find(destination.type)?.destination?.inside, destination.config)
  return reads === undefined || writes === undefined ? undefined : { name, reads, writes }
}
