import { systemActor } from '#core/actor'
import type { Authenticator } from '#kernel/authentication'
import type { RootLogger } from '#kernel/boot'
import { defineContract } from '#kernel/contract'
import { defineModule } from '#kernel/module'

/** Lets everybody in; the bearer token names the workspace. */
export const door = defineModule({
  name: 'door',
  about: 'Lets everybody in, the token names the workspace.',
  needs: {},
  permissions: {},
  contract: defineContract('door', {}),
  start: async () => ({
    face: {
      authenticate: async ({ headers }) =>
        systemActor('test', headers.authorization?.replace('Bearer ', '') ?? 'default'),
    } satisfies Authenticator,
    handlers: {},
  }),
})

/** Only errors are printed. */
export const quiet: RootLogger = {
  child: () => quiet,
  debug() {},
  info() {},
  warn() {},
  error: (fields, message) => console.error(message, fields),
}
