import type { Handlers } from '#kernel/contract'
import { pageOf } from '#kernel/paging'
import { connectorItem } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import type { connectorsContract } from './contract.ts'
import { connectorErrors } from './errors.ts'
import type { Connectors } from './index.ts'

export function connectorHandlers(
  all: Catalogue,
  probes: Pick<Connectors, 'check' | 'discover'>,
): Pick<Handlers<typeof connectorsContract>, 'list' | 'get' | 'check' | 'discover'> {
  return {
    list: ({ query }) => {
      const { items, next } = pageOf(
        'connectors.list',
        all.list().filter((connector) => query.category === undefined || connector.category === query.category),
        query,
      )
      return { items: items.map(connectorItem), next }
    },
    get: ({ params }) => connectorItem(all.get(params.type)),
    check: async ({ params: { type }, body, actor, signal }) =>
      await probes.check(actor, { type, config: configOf(type, body), side: body.as }, signal),
    discover: async ({ params: { type }, body, actor, signal }) => {
      const found = await probes.discover(actor, { type, config: configOf(type, body) }, signal)
      return { items: [...found], next: null }
    },
  }
}

function configOf(type: string, { config, as: _, ...others }: Readonly<Record<string, unknown>>): unknown {
  if (config === undefined) return others
  const problems = Object.keys(others).map((at) => ({
    at,
    code: 'unknown_field',
    message: `There is no field "${at}" beside "config".`,
  }))
  if (problems.length > 0) throw connectorErrors.settings({ type }, { problems })
  return config
}
