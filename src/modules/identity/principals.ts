import { systemActor } from '#core/actor'
import type { Actor, Principal } from '#core/actor'
import { tokenActor } from './tokens.ts'
import type { Tokens } from './tokens.ts'

/** The person who runs the server: behind a sign-in link and behind a session of the admin token. */
export const installationOwner: Principal = { kind: 'person', id: 'owner', name: 'Owner' }

/** What somebody may do now in a workspace; nothing when they are not there any more. */
export async function actorOf(tokens: Tokens, workspace: string, principal: Principal): Promise<Actor | undefined> {
  const { kind, id, name } = principal
  if (kind === 'system') return systemActor(name, workspace)
  if (kind === 'person') {
    return id === installationOwner.id
      ? { kind: 'session', id, name, workspace, permissions: 'all', principal }
      : undefined
  }
  const row = await tokens.find(workspace, id)
  return row === undefined ? undefined : tokenActor(row)
}
