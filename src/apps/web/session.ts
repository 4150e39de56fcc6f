import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { typedRequest } from '#kernel/client'
import type { identityContract, Session } from '#modules/identity/contract'
import { holdPermissions } from '#ui/permissions'
import { holdCsrf, request } from '#ui/request'

export type { Session }

export const ask = typedRequest<typeof identityContract>(request)

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await ask('GET /api/v1/session', { signal })
    holdCsrf(session.csrf ?? undefined)
    holdPermissions(session.permissions)
    return session
  },
  staleTime: 60_000,
})

export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data
}

/** Changes the workspace of this browser's session and reads everything anew. */
export function useSwitchWorkspace(): (workspace: string) => Promise<void> {
  const change = useChangeWorkspace()
  return async (workspace) => {
    await change(workspace)
    location.assign('/app/')
  }
}

/** Changes it and stays at the address, which is one of the other workspace. */
export function useEnterWorkspace(): (workspace: string) => Promise<void> {
  const change = useChangeWorkspace()
  return async (workspace) => {
    await change(workspace)
    location.reload()
  }
}

function useChangeWorkspace(): (workspace: string) => Promise<void> {
  const queries = useQueryClient()
  return async (workspace) => {
    await ask('POST /api/v1/session/workspace', { body: { workspace } })
    await queries.cancelQueries()
  }
}

export async function signOut(): Promise<void> {
  await ask('DELETE /api/v1/session')
  location.assign('/app/sign-in')
}
