import { defineErrors } from '#core/errors'

export const dashboardErrors = defineErrors('dashboards', {
  unknown: {
    kind: 'not_found',
    title: 'Dashboard not found',
    says: (p: { id: string }) => `There is no dashboard "${p.id}" in this workspace.`,
    remedy: 'List the dashboards with GET /api/v1/dashboards.',
  },
  taken: {
    kind: 'conflict',
    title: 'Name taken',
    says: (p: { name: string }) => `There is a dashboard named "${p.name}" already.`,
    remedy: 'Choose another name, or change that one.',
  },
  invalid: {
    kind: 'invalid',
    title: 'Dashboard not valid',
    says: (p: { name: string }) => `The dashboard "${p.name}" cannot be made as it stands.`,
    remedy: 'See the problems: each names a tile and what is wrong there.',
  },
  empty: {
    kind: 'invalid',
    title: 'Nothing to watch',
    says: (p: { id: string }) => `The dashboard "${p.id}" has no tile whose metric is there.`,
    remedy: 'Add a tile for a metric, or define the metric.',
  },
})
