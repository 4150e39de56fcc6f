import { z } from 'zod'
import type { Actor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import type { Handlers } from '#kernel/contract'
import { requirePermissions } from '#kernel/needed-permissions'
import { pageOf } from '#kernel/paging'
import { defaultPermission, failureOf, noSettings } from '#sdk'
import type { Surroundings } from '#sdk'
import { connectorItem } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import type { connectorsContract } from './contract.ts'
import { connectorErrors } from './errors.ts'
import { validateSettings } from './settings-validation.ts'

export interface ConnectorParts {
  readonly all: Catalogue
  readonly permissions: ReadonlyMap<string, string>
  readonly around: (actor: Actor, signal: AbortSignal) => Promise<Surroundings>
}

export function connectorHandlers({
  all,
  permissions,
  around,
}: ConnectorParts): Pick<Handlers<typeof connectorsContract>, 'list' | 'get' | 'check' | 'discover'> {
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
    check: async ({ params, body, actor, signal }) => {
      const connector = all.get(params.type)
      const side = body.as ?? (connector.source === undefined ? 'destination' : 'source')
      const connectionUse = { permission: defaultPermission, at: 'as', what: `a connection of "${params.type}"` }
      requirePermissions(actor, [side === 'connection' ? connectionUse : all.needed(side, params.type)], permissions)
      const code = await connector[side]?.load()
      if (code?.check === undefined)
        throw connectorErrors.cannot({ type: params.type, what: `be checked as a ${side}` })
      const schema = side === 'connection' ? connector.connection?.settings : all.settings(side, params.type)
      const settings = parsed(params.type, schema, configOf(params.type, body))
      const began = performance.now()
      const took = () => Math.round(performance.now() - began)
      try {
        const message = await code.check(settings, await around(actor, signal))
        return { ok: true, message, elapsedMs: took() }
      } catch (error) {
        if (!isMillraceError(error)) throw error
        const failure = failureOf(error)
        return {
          ok: false,
          message: error.message,
          code: error.code,
          ...(failure === undefined ? {} : { kind: failure.kind }),
          ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
          elapsedMs: took(),
        }
      }
    },
    discover: async ({ params, body, actor, signal }) => {
      const { connection, streams: spec } = all.get(params.type)
      if (spec === undefined) throw connectorErrors.cannot({ type: params.type, what: 'tell what there is' })
      const { permission = defaultPermission } = spec
      requirePermissions(actor, [{ permission, at: 'source', what: `what "${params.type}" lists` }], permissions)
      const settings = parsed(params.type, connection?.settings ?? noSettings, configOf(params.type, body))
      const code = await spec.load()
      const found = await code.streams(settings, await around(actor, signal))
      return {
        items: found.map(({ name, bareName, config: more, columns }) => ({
          name: bareName ?? name,
          config: more,
          ...(columns === undefined ? {} : { columns: [...columns] }),
        })),
        next: null,
      }
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

function parsed(type: string, schema: z.ZodType | undefined, config: unknown): unknown {
  const { value, problems } = validateSettings(schema ?? z.unknown(), config, 'config')
  if (problems.length > 0) throw connectorErrors.settings({ type }, { problems })
  return value
}
