import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'
import { versionOperations } from '#kernel/version-operations'
import { DashboardDefinition } from './definition.ts'

export const Dashboard = DashboardDefinition.safeExtend({
  id: z.string(),
  title: z.string(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type Dashboard = z.output<typeof Dashboard>

/** What GET answers may be changed and sent back as it is. */
const Replacement = DashboardDefinition.safeExtend({
  id: z.unknown().optional(),
  version: z.int().optional().describe('The version that was changed; another current one is a conflict.'),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
})
const params = z.object({ id: z.string().max(100).describe('Its id, or its name.') })

export const dashboardsContract = defineContract('dashboards', {
  list: operation({
    method: 'GET',
    path: '/api/v1/dashboards',
    permission: 'dashboards.read',
    summary: 'The dashboards of the workspace, by name.',
    query: Paging,
    answer: z.object({ items: z.array(Dashboard), next: z.string().nullable() }),
    columns: ['id', 'name', 'title', 'updatedAt'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/dashboards',
    permission: 'dashboards.write',
    effect: 'write',
    subject: ({ body, answer }) => ({ kind: 'dashboard', id: answer?.id ?? '', name: body.name }),
    changes: 'get',
    summary: 'Make a dashboard of metrics that are there.',
    body: DashboardDefinition,
    example: {
      name: 'sales',
      title: 'Sales, live',
      tiles: [{ metric: 'SAL.REV', by: ['region'], chart: 'bar', width: 6 }],
    },
    answer: Dashboard,
    status: 201,
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/dashboards/{id}',
    permission: 'dashboards.read',
    summary: 'One dashboard with its tiles.',
    params,
    answer: Dashboard,
  }),
  replace: operation({
    method: 'PUT',
    path: '/api/v1/dashboards/{id}',
    permission: 'dashboards.write',
    effect: 'write',
    subject: ({ params, body }) => ({ kind: 'dashboard', id: params.id, name: body.name }),
    changes: 'get',
    summary: 'Change a dashboard.',
    params,
    body: Replacement,
    answer: Dashboard,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/dashboards/{id}',
    permission: 'dashboards.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'dashboard', id: params.id }),
    changes: 'get',
    summary: 'Delete a dashboard; its metrics stay.',
    params,
    answer: z.void(),
    status: 204,
  }),
  ...versionOperations({
    kind: 'dashboard',
    path: '/api/v1/dashboards/{id}',
    params,
    idParam: 'id',
    read: 'dashboards.read',
    write: 'dashboards.write',
    answer: Dashboard,
  }),
})
