import { countText } from '#core/count-text'
import { defineErrors } from '#core/errors'

export const workerErrors = defineErrors('workers', {
  busy: {
    kind: 'unavailable',
    title: 'Too much to compute',
    says: (p: { task: string; waiting: number }) => `"${p.task}" cannot begin: ${p.waiting} computations wait already.`,
    remedy: 'Try again in a moment.',
  },
  slow: {
    kind: 'timeout',
    title: 'Computation too slow',
    says: (p: { task: string; seconds: number }) =>
      `"${p.task}" had not ended after ${countText(p.seconds, 'second')}.`,
    remedy: 'Give it less to do.',
  },
  memory: {
    kind: 'invalid',
    title: 'Computation too large',
    says: (p: { task: string; megabytes: number }) => `"${p.task}" needed more than ${p.megabytes} MB of memory.`,
    remedy: 'Give it less to do.',
  },
  died: {
    kind: 'unavailable',
    title: 'Computation ended',
    says: (p: { task: string }) => `The thread of "${p.task}" ended before the result was there.`,
    remedy: 'Try again. If it happens again, look at the log.',
  },
})
