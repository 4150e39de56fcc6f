/** A run may do what the owner of its pipeline may do at that time, whoever or whatever started it. */
import type { Principal } from '#core/actor'
import type { Reader } from '#modules/datasets'
import { missingPermissions, permissionProblems } from '#kernel/needed-permissions'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { neededPermissions } from '../definition/definition-permissions.ts'
import type { StoredPipeline } from '../definition/pipeline-store.ts'
import { pipelineErrors } from '../errors.ts'
import type { RunNeeds } from './run-context.ts'

/** Returns with whose rights the run reads. */
export async function requireOwnerRights(
  { identity, connectors, datasets }: Pick<RunNeeds, 'identity' | 'connectors' | 'datasets'>,
  workspace: string,
  stored: StoredPipeline,
  pipeline: ValidatedPipeline,
): Promise<Reader> {
  const { name } = stored.spec
  const owner = ownerName(stored.owner)
  const actor = await identity.actorOf(workspace, stored.owner)
  if (actor === undefined) throw pipelineErrors.owner_gone({ name, owner })
  const missing = missingPermissions(actor, neededPermissions(pipeline, connectors))
  const [first] = missing
  if (first === undefined) return await datasets.readerOf(actor)
  throw pipelineErrors.owner_lacks(
    { name, owner, permission: first.permission, what: first.what },
    { problems: permissionProblems(missing) },
  )
}

export function ownerName({ kind, name }: Principal): string {
  return `the ${kind === 'system' ? 'module' : kind} "${name}"`
}
