import { systemActor } from '#core/actor'
import type { Actor } from '#core/actor'
import { defineModule } from '#kernel/module'
import { authenticate } from './authenticate.ts'
import { identityContract } from './contract.ts'
import { sessionCookie } from './cookie.ts'
import { credentialCache } from './credential-cache.ts'
import { identityErrors } from './errors.ts'
import { identityHandlers } from './handlers.ts'
import type { Identity } from './index.ts'
import { actorOf } from './principals.ts'
import { sessionTable } from './sessions.ts'
import { tokenTable } from './tokens.ts'
import { workspaceTable } from './workspaces.ts'
import { wrongGuesses } from './wrong-guesses.ts'

/** Bus topic of `{ ids }`: the actors whose credentials ended, for every process. */
const credentialsEnded = 'identity.credentials'

export default defineModule({
  name: 'identity',
  about: 'Knows who asks: workspaces, tokens, sessions and sign-in links.',
  permissions: { 'tokens.read': 'See which tokens there are.', 'tokens.write': 'Make and revoke tokens.' },
  contract: identityContract,
  errors: identityErrors,
  migrations: new URL('./migrations/', import.meta.url),
  async start({ ports: { metadata, clock, bus }, log, permissions: declared }) {
    const { rows } = await metadata.system.query<{ id: string }>('select id from identity.installation')
    const cookie = sessionCookie(rows[0]?.id ?? '')
    const workspaces = workspaceTable(metadata)
    const tokens = tokenTable(metadata, (error) => log.warn({ err: error }, 'the use of a token could not be noted'))
    const sessions = sessionTable(metadata, cookie.lifetimeSeconds)
    const cache = credentialCache<Actor>(clock)
    const listeners = new Set<(actorIds: readonly string[]) => void>()
    const forget = (ended: readonly string[]): void => {
      cache.clear()
      for (const listener of listeners) listener(ended)
    }
    const subscription = await bus.subscribe(credentialsEnded, (message) => forget((message as { ids: string[] }).ids))
    const credentialsChanged = async (ended: readonly string[]): Promise<void> => {
      forget(ended)
      await bus.publish(credentialsEnded, { ids: ended })
    }
    const signInPath = async (workspace: string): Promise<string> => {
      if ((await workspaces.find(workspace)) === undefined) throw identityErrors.unknownWorkspace({ workspace })
      return `/app/sign-in?code=${await sessions.makeCode(workspace)}`
    }
    const counter = {
      signInPath,
      cookie,
      tokens,
      sessions,
      workspaces,
      cache,
      guesses: wrongGuesses(clock),
      credentialsChanged,
      declared,
    }
    await workspaces.ensure({ id: 'default', title: 'Default', demo: false })

    const face: Identity = {
      authenticate: async (credentials) => await authenticate(counter, credentials),
      onEnded: (listener) => void listeners.add(listener),
      loginLink: signInPath,
      createToken: async (workspace, { name, permissions }) => {
        const { id, token } = await tokens.create(workspace, {
          name,
          permissions: permissions === 'all' ? 'all' : [...permissions],
          createdBy: 'the server',
        })
        return { id, token }
      },
      actorOf: async (workspace, principal) =>
        await cache.get(JSON.stringify([workspace, principal.kind, principal.id]), () =>
          actorOf(tokens, workspace, principal),
        ),
      workspaces: workspaces.list,
      ensureWorkspace: workspaces.ensure,
      setAdminToken: async (token) => {
        const ended = await tokens.setAdmin('default', token)
        if (ended !== undefined) await credentialsChanged(ended)
      },
      systemActor: (workspace, module) => systemActor(module, workspace),
    }
    return { face, handlers: identityHandlers(counter), stop: async () => await subscription.close() }
  },
})
