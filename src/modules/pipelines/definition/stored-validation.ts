/** Validates pipelines together with what they name and keep: their connections and their secrets. */
import type { Actor } from '#core/actor'
import type { TypedConfig } from '#core/pipeline'
import type { Connectors } from '#modules/connectors'
import type { Metadata } from '#ports/metadata'
import { connectionsOf, withConnections } from './connections.ts'
import type { Connected, ConnectionLookup } from './connections.ts'
import { validatePipeline } from './definition.ts'
import type { PipelineValidation, ValidatedPipeline } from './definition.ts'
import { pipelineErrors } from '../errors.ts'
import { circleProblems } from './stream-circle.ts'
import { withKeptSecrets, withSecrets } from './secrets.ts'
import type { Earlier, KeptDefinition, SecretBox, Side } from './secrets.ts'

type Stored = Earlier & { readonly id: string }

export interface StoredValidation {
  /** Ready to run, its secrets in place. */
  validate(workspace: string, stored: Stored): Promise<ValidatedPipeline>
  /** A body that is not written down, with the secrets kept for `id` where it says `***`. */
  validateBody(actor: Actor, body: unknown, id: string | undefined): Promise<PipelineValidation>
  /** The settings of one side with the secrets kept for `id` in them. Rejects where a kept secret may not be used. */
  fillKeptSecrets(workspace: string, id: string, side: Side, part: TypedConfig): Promise<TypedConfig['config']>
}

export function storedValidation(
  lookup: ConnectionLookup,
  metadata: Pick<Metadata, 'inWorkspace'>,
  get: (workspace: string, id: string) => Promise<Stored>,
): StoredValidation {
  const { connectors } = lookup
  const box = secretBoxes(connectors)
  return {
    validate: async (workspace, stored) => {
      const spec = withSecrets(stored.spec, stored.sealed, box(workspace, stored.id))
      const { connections, problems: missing } = await connectionsOf(spec, workspace, connectors)
      const validation = validatePipeline(spec, connectors, connections)
      const problems = missing.length > 0 ? missing : validation.problems
      const pipeline = missing.length > 0 ? undefined : validation.pipeline
      if (pipeline === undefined)
        throw pipelineErrors.invalid({ name: stored.spec.name, count: problems.length }, { problems })
      return pipeline
    },
    validateBody: async (actor, body, id) => {
      const { workspace } = actor
      const earlier = id === undefined ? undefined : await get(workspace, id)
      const connected = await withConnections(body, actor, lookup)
      const kept = earlier && { ...earlier, box: box(workspace, earlier.id) }
      const validation = validateWithSecrets(connected, connectors, kept)
      if (validation.pipeline === undefined) return validation
      const session = metadata.inWorkspace(workspace)
      const problems = await circleProblems(validation.pipeline.spec, id, { session, workspace, connectors })
      return problems.length === 0 ? validation : { problems }
    },
    fillKeptSecrets: async (workspace, id, side, part) => {
      const stored = await get(workspace, id)
      const { body, problems } = withKeptSecrets({ [side]: part }, connectors, {
        ...stored,
        box: box(workspace, stored.id),
      })
      if (problems.length > 0)
        throw pipelineErrors.invalid({ name: stored.spec.name, count: problems.length }, { problems })
      return (body as Record<Side, TypedConfig>)[side].config
    },
  }
}

export function secretBoxes(connectors: Connectors): (workspace: string, id: string) => SecretBox {
  return (workspace, id) => ({
    seal: (secret, place) => connectors.seal(secret, `${workspace}/${id}/${place}`),
    unseal: (sealed, place) => connectors.unseal(sealed, `${workspace}/${id}/${place}`),
  })
}

/** Where a secret is needed, what else is wrong at its place is of no interest. */
export function validateWithSecrets(
  connected: Connected,
  connectors: Connectors,
  earlier: KeptDefinition | undefined,
): PipelineValidation {
  const { body, problems: needed } = withKeptSecrets(connected.body, connectors, earlier)
  const validation = validatePipeline(body, connectors, connected.connections)
  const known = [...connected.problems, ...needed]
  if (known.length === 0) return validation
  return { problems: [...validation.problems.filter(({ at }) => !known.some((one) => covers(one.at, at))), ...known] }
}

/** A connection that is not there, or a secret that is needed, explains what is wrong at and beneath its place. */
function covers(place: string, at: string): boolean {
  const end = /^(source|destination)\.(connection|streams)/.exec(place)?.[1]
  return at === place || (end !== undefined && at.startsWith(`${end}.`))
}
