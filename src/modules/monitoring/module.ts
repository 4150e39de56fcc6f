import { defineModule } from '#kernel/module'
import { pageOf } from '#kernel/paging'
import { dashboards } from '#modules/dashboards'
import { identity } from '#modules/identity'
import { pipelines } from '#modules/pipelines'
import { monitoringContract } from './contract.ts'
import { integrations } from './integrations.ts'
import type { Stand } from './integrations.ts'

export default defineModule({
  name: 'monitoring',
  about: 'How the pipelines fare, what the server uses, and what answers for the source systems.',
  needs: { dashboards, identity, pipelines },
  permissions: { 'monitoring.read': 'See how pipelines and integrations fare.' },
  contract: monitoringContract,
  async start({ needs, ports }) {
    const { clock } = ports
    const stands: readonly Stand[] = [
      { name: 'Passport', by: 'identity', ask: () => needs.identity.workspaces() },
      { name: 'Enterprise Hub', by: 'monitoring', ask: (workspace) => fared(workspace, 1) },
      { name: 'ImpactOS', by: 'dashboards', ask: (workspace) => needs.dashboards.named(workspace, 'any') },
      { name: 'Ninja' },
      { name: 'HL7' },
    ]
    async function fared(workspace: string, hours: number) {
      const to = clock.now()
      const from = to - hours * 3_600_000
      const { succeeded, failed, cancelled, running, recordsRead, latencyMs } = await needs.pipelines.statistics(
        workspace,
        new Date(from),
      )
      const ended = succeeded + failed + cancelled
      const { user, system } = process.cpuUsage()
      return {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        runs: { succeeded, failed, cancelled, running },
        successRate: ended === 0 ? null : succeeded / ended,
        errorRate: ended === 0 ? null : failed / ended,
        recordsProcessed: recordsRead,
        latencyMs,
        resources: {
          memoryBytes: process.memoryUsage.rss(),
          cpuSeconds: (user + system) / 1e6,
          uptimeSeconds: process.uptime(),
        },
      }
    }
    return {
      face: {},
      handlers: {
        metrics: ({ workspace, query }) => fared(workspace, query.hours),
        integrations: async ({ workspace, query }) =>
          pageOf(await integrations(stands, workspace, () => clock.now()), query),
      },
    }
  },
})
