import { defineErrors } from '#core/errors'

export const expressionErrors = defineErrors('expression', {
  invalid: {
    kind: 'invalid',
    title: 'Expression not valid',
    says: (p: { text: string }) => `The expression "${p.text}" cannot be used as it stands.`,
    remedy: 'See the problems: each names a place in the expression and what is wrong there.',
  },
})
