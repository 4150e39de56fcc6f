import { defineErrors } from '#core/errors'

export const auditErrors = defineErrors('audit', {
  unknown: {
    kind: 'not_found',
    title: 'Entry not found',
    says: (p: { sequence: number }) => `There is no entry ${p.sequence} in the audit trail of this workspace.`,
    remedy: 'Find the entry in the list of the audit trail.',
  },
})
