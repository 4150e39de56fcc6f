import { z } from 'zod'
import type { Actor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import { defineModule } from '#kernel/module'
import { requirePermissions } from '#kernel/needed-permissions'
import { pageOf } from '#kernel/paging'
import { datasets } from '#modules/datasets'
import { streams } from '#modules/streams'
import { defaultPermission, noSettings } from '#sdk'
import type { Connector } from '#sdk'
import { carrySharedFiles } from './carry-files.ts'
import { catalogue, connectorItem, connectorUses } from './catalogue.ts'
import { connectorsContract } from './contract.ts'
import { connectorErrors } from './errors.ts'
import { folderFor } from './file-scope.ts'
import { folders } from './folders.ts'
import type { Connectors } from './index.ts'
import { sealValue, unsealValue } from './sealed-values.ts'
import { validateSettings } from './settings-validation.ts'
import { surroundingsOf } from './surroundings.ts'

export interface ConnectorsSetup {
  readonly connectors: readonly Connector[]
  readonly home: string
  /** The folders of `MILLRACE_FILES`. */
  readonly files: readonly string[]
}

/** The connectors come from the application, because a module does not see them. */
export function connectorsModule(setup: ConnectorsSetup) {
  return defineModule({
    name: 'connectors',
    about: 'What Millrace can read from and write to, and how far it may reach.',
    needs: { datasets, streams },
    permissions: {
      'connectors.read': 'See the connectors and their settings.',
      'connectors.use':
        'Read and write files, addresses and databases outside Millrace through connectors, in pipelines too.',
    },
    definitionUses: connectorUses(setup.connectors),
    contract: connectorsContract,
    errors: connectorErrors,
    migrations: new URL('./migrations/', import.meta.url),
    async start({ needs, ports, vault, log, permissions, egress }) {
      const all = catalogue(setup.connectors)
      const fileFolders = { folders: setup.files, home: setup.home }
      const files = (workspace: string) => folders(fileFolders, workspace)
      const surroundingsNeeds = { warehouse: ports.warehouse, ...needs, files, egress }
      const face: Connectors = {
        list: all.list,
        find: all.find,
        validate: all.validate,
        settings: all.settings,
        needed: all.needed,
        surroundings: (reader, use) => surroundingsOf(surroundingsNeeds, reader, use),
        folder: (workspace) => folderFor(fileFolders, workspace),
        carrySharedFiles: carrySharedFiles(fileFolders, ports.metadata, log),
        seal: (secret, place) => sealValue(vault, secret, place),
        unseal: (sealed, place) => unsealValue(vault, sealed, place),
      }
      const around = async (actor: Actor, signal: AbortSignal) =>
        await face.surroundings(await needs.datasets.readerOf(actor), { signal, seconds: 60 })
      return {
        face,
        handlers: {
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
            requirePermissions(actor, [all.needed(side, params.type)], permissions)
            const code = await connector[side]?.load()
            if (code?.check === undefined)
              throw connectorErrors.cannot({ type: params.type, what: `be checked as a ${side}` })
            const settings = parsed(params.type, all.settings(side, params.type), configOf(params.type, body))
            const began = performance.now()
            const took = () => Math.round(performance.now() - began)
            try {
              const message = await code.check(settings, await around(actor, signal))
              return { ok: true, message, elapsedMs: took() }
            } catch (error) {
              if (!isMillraceError(error)) throw error
              return {
                ok: false,
                message: error.message,
                code: error.code,
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
              items: found.map(({ name, config: more, columns }) => ({
                name,
                config: more,
                ...(columns === undefined ? {} : { columns: [...columns] }),
              })),
              next: null,
            }
          },
        },
      }
    },
  })
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
