import { defineErrors } from '#core/errors'

export const auditErrors = defineErrors('audit', {
  cursor: {
    kind: 'invalid',
    title: 'Unknown page',
    says: (p: { cursor: string }) => `There is no page "${p.cursor}" of the audit trail.`,
    remedy: 'Use "next" of the page before, or leave the cursor out to begin with the latest entry.',
  },
})
