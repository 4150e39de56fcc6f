import { defineErrors } from '#core/errors'

export const metricErrors = defineErrors('metrics', {
  unknown: {
    kind: 'not_found',
    title: 'Metric not found',
    says: (p: { code: string }) => `There is no metric "${p.code}" in this workspace.`,
    remedy: 'List the metrics with GET /api/v1/metrics.',
  },
  taken: {
    kind: 'conflict',
    title: 'Metric code taken',
    says: (p: { code: string }) => `There is a metric "${p.code}" in this workspace already.`,
    remedy: 'Change it with PUT /api/v1/metrics/{code}, or choose another code.',
  },
  invalid: {
    kind: 'invalid',
    title: 'Metric not valid',
    says: (p: { code: string }) => `The metric "${p.code}" cannot be defined as it stands.`,
    remedy: 'See the problems: each names a place in the definition and what is wrong there.',
  },
  invalid_pins: {
    kind: 'invalid',
    title: 'Pins not valid',
    says: () => 'These metrics cannot be pinned to Home as they stand.',
    remedy: 'See the problems: each names a code that no metric of this workspace has.',
  },
  renamed: {
    kind: 'invalid',
    title: 'Metric code differs',
    says: (p: { code: string; given: string }) => `The definition says "${p.given}", the address says "${p.code}".`,
    remedy: 'A metric keeps its code. Make a new metric for another code.',
  },
  broken: {
    kind: 'conflict',
    title: 'Metric no longer fits its dataset',
    says: (p: { code: string; dataset: string }) => `The metric "${p.code}" no longer fits the dataset "${p.dataset}".`,
    remedy: 'Change the metric, or give the dataset back the columns that the problems name.',
  },
  dataset_gone: {
    kind: 'conflict',
    title: 'Dataset of the metric is gone',
    says: (p: { code: string; dataset: string }) =>
      `The metric "${p.code}" is defined over the dataset "${p.dataset}", which is not there any more.`,
    remedy: 'Make the dataset again, change the metric to another one, or delete the metric.',
  },
  bad_question: {
    kind: 'invalid',
    title: 'Question not valid',
    says: (p: { code: string }) => `The question to the metric "${p.code}" cannot be answered as it stands.`,
    remedy: 'See the problems: each names a part of the question and what is wrong there.',
  },
  too_many_points: {
    kind: 'invalid',
    title: 'Answer too long',
    says: (p: { code: string; max: number }) => `The answer for "${p.code}" would have more than ${p.max} points.`,
    remedy: 'Ask for a shorter range, a longer period or fewer dimensions.',
  },
  took_too_long: {
    kind: 'timeout',
    title: 'Answer took too long',
    says: (p: { code: string }) => `The answer for "${p.code}" was not there within a minute.`,
    remedy: 'Ask for a shorter range, or give the metric the dimensions that the question filters and groups by.',
  },
  too_much: {
    kind: 'limited',
    title: 'Answer needs too much memory',
    says: (p: { code: string }) => `The answer for "${p.code}" needs more memory than one question may take.`,
    remedy: 'Ask for a shorter range or fewer groups.',
  },
  behind: {
    kind: 'unavailable',
    title: 'Values changed while they were read',
    says: (p: { code: string }) => `The values of the metric "${p.code}" changed during every attempt to read them.`,
    remedy: 'Ask again in a moment.',
  },
})
