import { z } from 'zod'
import { defineModule } from '#kernel/module'
import { cursors, pageOfFound } from '#kernel/paging'
import { auditContract } from './contract.ts'
import { auditErrors } from './errors.ts'

const sequences = cursors('audit.list', z.int().min(0))

export default defineModule({
  name: 'audit',
  about: 'Who changed what, and how it ended.',
  permissions: { 'audit.read': 'See who changed what in the workspace.' },
  contract: auditContract,
  errors: auditErrors,
  async start({ audit }) {
    return {
      handlers: {
        list: async ({ workspace, query: { limit, cursor, ...filter } }) => {
          const below = sequences.read(cursor)
          const found = await audit(workspace, { ...filter, limit: limit + 1, ...(below !== undefined && { below }) })
          return pageOfFound(sequences, found, { limit, placeOf: ({ sequence }) => sequence })
        },
        get: async ({ workspace, params: { sequence } }) => {
          const [entry] = await audit(workspace, { below: sequence + 1, limit: 1 })
          if (entry?.sequence !== sequence) throw auditErrors.unknown({ sequence })
          return entry
        },
      },
    }
  },
})
