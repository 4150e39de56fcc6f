export const periodNames = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type PeriodName = (typeof periodNames)[number]

export const periodStates = ['open', 'provisional', 'final'] as const
export type PeriodState = (typeof periodStates)[number]
