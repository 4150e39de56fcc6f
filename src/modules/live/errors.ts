import { defineErrors } from '#core/errors'

/** Their codes begin with `metrics.` since before live was a module of its own; public codes do not change. */
export const liveErrors = defineErrors('metrics', {
  too_many_questions: {
    kind: 'limited',
    title: 'Too many live questions',
    says: (p: { max: number }) => `More than ${p.max} different live questions are watched already.`,
    remedy: 'Close some dashboards, or watch with the same period, zone, groups and filter as others do.',
  },
  too_many_sockets: {
    kind: 'limited',
    title: 'Too many live connections',
    says: (p: { max: number }) => `More than ${p.max} live connections are open already.`,
    remedy: 'Try again later, or read the values with POST /query/kpi.',
  },
  live_unavailable: {
    kind: 'unavailable',
    title: 'Values cannot be read',
    says: (_: object) => 'The values cannot be read right now. Updates continue by themselves.',
  },
})
