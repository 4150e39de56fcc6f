import { defineErrors } from '#core/errors'

export const jobErrors = defineErrors('jobs', {
  unknown: {
    kind: 'not_found',
    title: 'Job not found',
    says: (p: { id: string }) => `There is no job "${p.id}" in this workspace.`,
    remedy: 'List the jobs with GET /api/v1/jobs. Jobs that ended more than 30 days ago are no longer kept.',
  },
  ended: {
    kind: 'conflict',
    title: 'The job has ended',
    says: (p: { id: string; status: string }) => `The job "${p.id}" cannot be cancelled; it is ${p.status}.`,
  },
  notRetried: {
    kind: 'conflict',
    title: 'The job cannot be retried',
    says: (p: { id: string; status: string }) =>
      `The job "${p.id}" is ${p.status} and is not queued again, or another job does the same work now.`,
    remedy: 'Only jobs that failed or were cancelled are retried.',
  },
  otherwise: {
    kind: 'conflict',
    title: 'This kind of job is not retried',
    says: (p: { id: string; instead: string }) => `The job "${p.id}" is not queued again. ${p.instead}`,
  },
})
