import { z } from 'zod'
import type { Handlers } from '#kernel/contract'
import type { Connectors } from '#modules/connectors'
import type { pipelinesContract } from '../contract.ts'
import type { StoredValidation } from './stored-validation.ts'

/** Tries an end of a pipeline out while it is edited: secrets it keeps are used and not shown. */
export function probeHandlers(
  pipelines: Pick<StoredValidation, 'fillKeptSecrets'>,
  connectors: Connectors,
): Pick<Handlers<typeof pipelinesContract>, 'check' | 'discover'> {
  return {
    check: async ({ actor, workspace, params: { id }, body: { as: side, ...part }, signal }) => {
      const config = await pipelines.fillKeptSecrets(workspace, id, side, part)
      return await connectors.check(actor, { type: part.type, config, side }, signal)
    },
    discover: async ({ actor, workspace, params: { id }, body: part, signal }) => {
      const config = await pipelines.fillKeptSecrets(workspace, id, 'source', part)
      const { type } = part
      const own = ownOfConnection(connectors.find(type)?.connection?.settings, config)
      return { items: [...(await connectors.discover(actor, { type, config: own }, signal))], next: null }
    },
  }
}

/** What a server lists depends on the settings of its connection only. */
function ownOfConnection(schema: z.ZodType | undefined, config: Readonly<Record<string, unknown>>) {
  const fields = schema instanceof z.ZodObject ? schema.shape : {}
  return Object.fromEntries(Object.entries(config).filter(([name]) => Object.hasOwn(fields, name)))
}
