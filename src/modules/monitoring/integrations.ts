/** The names of the source systems and what answers for them in this server; asked each time, never assumed. */
export interface Integration {
  readonly name: string
  readonly kind: 'built-in'
  readonly healthy: boolean
  readonly checkedAt: string
  readonly detail: string
}

/** `ask` rejects when the module cannot do its work; without it nothing answers for the name yet. */
export interface Stand {
  readonly name: string
  readonly by?: string
  readonly ask?: (workspace: string) => Promise<unknown>
}

export async function integrations(
  stands: readonly Stand[],
  workspace: string,
  now: () => number,
): Promise<Integration[]> {
  return await Promise.all(
    stands.map(async ({ name, by, ask }): Promise<Integration> => {
      const answer = (healthy: boolean, detail: string): Integration => ({
        name,
        kind: 'built-in',
        healthy,
        checkedAt: new Date(now()).toISOString(),
        detail,
      })
      if (ask === undefined) return answer(false, 'This version has nothing that does its job.')
      try {
        await ask(workspace)
        return answer(true, `Served by the module "${by}".`)
      } catch {
        return answer(false, `The module "${by}" does not answer.`)
      }
    }),
  )
}
