import { defineModule } from '#kernel/module'
import { auditContract } from './contract.ts'
import { auditErrors } from './errors.ts'

export default defineModule({
  name: 'audit',
  about: 'Who changed what, and how it ended.',
  needs: {},
  permissions: { 'audit.read': 'See who changed what in the workspace.' },
  contract: auditContract,
  errors: auditErrors,
  async start({ audit }) {
    return {
      face: {},
      handlers: {
        list: async ({ workspace, query: { limit, cursor, ...filter } }) => {
          const rows = await audit(workspace, {
            ...filter,
            limit: limit + 1,
            ...(cursor && { below: sequenceOf(cursor) }),
          })
          const items = rows.slice(0, limit)
          const last = items.at(-1)
          return { items, next: rows.length > limit && last !== undefined ? `below-${last.sequence}` : null }
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

function sequenceOf(cursor: string): number {
  const sequence = Number(/^below-(\d{1,15})$/.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(sequence)) throw auditErrors.cursor({ cursor })
  return sequence
}
