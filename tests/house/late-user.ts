/** For tests: a module that is asked last what uses an object, so that a test can act between that question and what follows. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineContract } from '#kernel/contract'
import { defineModule, type Module } from '#kernel/module'

export interface LateUser {
  readonly module: Module
  /** `work` runs at the question for the users of an object of the kind: the first from now, or the one with this number. */
  duringQuestion(kind: string, work: () => Promise<unknown>, number?: number): void
}

export function lateUser(): LateUser {
  let whenAsked: (kind: string) => Promise<void> = async () => undefined
  const module = defineModule({
    name: 'late_user',
    about: 'Uses nothing.',
    needs: {},
    permissions: {},
    contract: defineContract('late_user', {}),
    start: async () => ({
      face: {},
      handlers: {},
      references: async (_workspace, { kind }) => {
        await whenAsked(kind)
        return []
      },
    }),
  })
  return {
    module,
    duringQuestion: (kind, work, number = 1) => {
      let asked = 0
      whenAsked = async (about) => {
        if (about !== kind) return
        asked += 1
        // The work waits for what follows; the time only bounds how long one that does not wait may take.
        if (asked === number) await Promise.race([work(), sleep(1_000)])
      }
    },
  }
}
