import { defineModule } from '#kernel/module'
import { pageOf } from '#kernel/paging'
import { dashboards } from '#modules/dashboards'
import { identity } from '#modules/identity'
import { mails } from '#modules/mails'
import { pipelines } from '#modules/pipelines'
import { monitoringContract } from './contract.ts'
import { probeIntegrations } from './integrations.ts'
import type { IntegrationProbe } from './integrations.ts'

export default defineModule({
  name: 'monitoring',
  about: 'How the runs of pipelines ended, what the server uses, and what answers for the source systems.',
  needs: { dashboards, identity, mails, pipelines },
  permissions: { 'monitoring.read': 'See figures of pipelines and the health of integrations.' },
  contract: monitoringContract,
  async start({ needs, ports }) {
    const { clock } = ports
    const probes: readonly IntegrationProbe[] = [
      { name: 'Passport', module: 'identity', probe: () => needs.identity.workspaces() },
      { name: 'Enterprise Hub', module: 'monitoring', probe: (workspace) => pipelineFigures(workspace, 1) },
      { name: 'ImpactOS', module: 'dashboards', probe: (workspace) => needs.dashboards.named(workspace, 'any') },
      { name: 'Mail', module: 'mails', url: needs.mails.server, probe: () => needs.mails.check() },
      { name: 'Ninja' },
      { name: 'HL7' },
    ]
    async function pipelineFigures(workspace: string, hours: number) {
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
      handlers: {
        metrics: ({ workspace, query }) => pipelineFigures(workspace, query.hours),
        integrations: async ({ workspace, query }) =>
          pageOf('monitoring.integrations', await probeIntegrations(probes, workspace, clock), query),
      },
    }
  },
})
