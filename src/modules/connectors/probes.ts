/** Tries connectors out: whether settings reach their server, and what can be read there. */
import type { z } from 'zod'
import type { Actor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import { requirePermissions } from '#kernel/needed-permissions'
import { defaultPermission, diagnosisOf, noSettings } from '#sdk'
import type { Surroundings } from '#sdk'
import type { Catalogue } from './catalogue.ts'
import { connectorErrors } from './errors.ts'
import type { Connectors } from './index.ts'
import { validateSettings } from './settings-validation.ts'

export interface ProbeParts {
  readonly all: Catalogue
  readonly permissions: ReadonlyMap<string, string>
  readonly around: (actor: Actor, signal: AbortSignal) => Promise<Surroundings>
}

export function connectorProbes({ all, permissions, around }: ProbeParts): Pick<Connectors, 'check' | 'discover'> {
  return {
    check: async (actor, { type, config, side: asked }, signal) => {
      const connector = all.get(type)
      const side = asked ?? (connector.source === undefined ? 'destination' : 'source')
      const connectionUse = { permission: defaultPermission, at: 'as', what: `a connection of "${type}"` }
      requirePermissions(actor, [side === 'connection' ? connectionUse : all.needed(side, type)], permissions)
      const code = await connector[side]?.load()
      if (code?.check === undefined) throw connectorErrors.cannot({ type, what: `be checked as a ${side}` })
      const schema = side === 'connection' ? connector.connection?.settings : all.settings(side, type)
      const settings = parsed(type, schema, config)
      const began = performance.now()
      const took = () => Math.round(performance.now() - began)
      try {
        const message = await code.check(settings, await around(actor, signal))
        return { ok: true, message, elapsedMs: took() }
      } catch (error) {
        if (!isMillraceError(error)) throw error
        const diagnosis = diagnosisOf(error)
        return {
          ok: false,
          message: error.message,
          code: error.code,
          ...(diagnosis === undefined ? {} : { kind: diagnosis.kind, diagnosis }),
          ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
          elapsedMs: took(),
        }
      }
    },
    discover: async (actor, { type, config }, signal) => {
      const { connection, streams: spec } = all.get(type)
      if (spec === undefined) throw connectorErrors.cannot({ type, what: 'tell what there is' })
      const { permission = defaultPermission } = spec
      requirePermissions(actor, [{ permission, at: 'source', what: `what "${type}" lists` }], permissions)
      const settings = parsed(type, connection?.settings ?? noSettings, config)
      const code = await spec.load()
      const found = await code.streams(settings, await around(actor, signal))
      return found.map(({ name, bareName, config: more, columns }) => ({
        name: bareName ?? name,
        config: more,
        ...(columns === undefined ? {} : { columns: [...columns] }),
      }))
    },
  }
}

function parsed(type: string, schema: z.ZodType | undefined, config: unknown): unknown {
  const { value, problems } = validateSettings(schema ?? noSettings, config, 'config')
  if (problems.length > 0) throw connectorErrors.settings({ type }, { problems })
  return value
}
