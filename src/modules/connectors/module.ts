import type { Actor } from '#core/actor'
import { defineModule } from '#kernel/module'
import { datasets } from '#modules/datasets'
import { streams } from '#modules/streams'
import type { Connector } from '#sdk'
import { carrySharedFiles } from './carry-files.ts'
import { catalogue, connectorUses } from './catalogue.ts'
import { connectionSettings } from './connections/connection-settings.ts'
import { connectionStore } from './connections/connection-store.ts'
import { connectionUse } from './connections/connection-use.ts'
import { connectionEvents } from './connections/events.ts'
import { connectionHandlers } from './connections/handlers.ts'
import { sealClearConnections } from './connections/seal-clear-connections.ts'
import { connectorsContract } from './contract.ts'
import { connectorErrors } from './errors.ts'
import { folderFor } from './file-scope.ts'
import { folders } from './folders.ts'
import { httpSender } from './http-hop.ts'
import { connectorHandlers } from './handlers.ts'
import type { Connectors } from './index.ts'
import { sealValue, unsealValue } from './sealed-values.ts'
import { filePackKind } from './pack-kind.ts'
import { connectorProbes } from './probes.ts'
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
      'connections.read': 'See connections and their settings, without secrets.',
      'connections.write': 'Make, change and delete connections; testing and reading one needs "connectors.use".',
      'connectors.use':
        'Read and write files, addresses and databases outside Millrace through connectors, in pipelines too.',
    },
    definitionUses: connectorUses(setup.connectors),
    events: connectionEvents,
    contract: connectorsContract,
    errors: connectorErrors,
    migrations: new URL('./migrations/', import.meta.url),
    async start({ needs, ports, vault, log, permissions, egress, versions, emit, referencesTo }) {
      const all = catalogue(setup.connectors)
      const fileFolders = { folders: setup.files, home: setup.home }
      const files = (workspace: string) => folders(fileFolders, workspace)
      const send = httpSender(egress)
      const positions = ports.log.positions
      const surroundingsNeeds = { warehouse: ports.warehouse, ...needs, positions, files, egress, send }
      const store = connectionStore(ports.metadata, versions, emit)
      const settings = connectionSettings(all, vault)
      const surroundings: Connectors['surroundings'] = (reader, use) => surroundingsOf(surroundingsNeeds, reader, use)
      const around = async (actor: Actor, signal: AbortSignal, seconds = 60) =>
        await surroundings(await needs.datasets.readerOf(actor), { signal, seconds })
      const probes = connectorProbes({ all, permissions, around })
      const face: Connectors = {
        list: all.list,
        find: all.find,
        validate: all.validate,
        settings: all.settings,
        needed: all.needed,
        upgrade: all.upgrade,
        surroundings,
        ...probes,
        ...connectionUse({ all, store, settings, surroundings }),
        folder: (workspace) => folderFor(fileFolders, workspace),
        carrySharedFiles: carrySharedFiles(fileFolders, ports.metadata, log),
        seal: (secret, place) => sealValue(vault, secret, place),
        unseal: (sealed, place) => unsealValue(vault, sealed, place),
      }
      await sealClearConnections({ metadata: ports.metadata, all, settings, versions, log })
      return {
        face,
        packKinds: [filePackKind(face)],
        handlers: {
          ...connectionHandlers({
            all,
            store,
            settings,
            versions,
            permissions,
            referencesTo,
            around,
          }),
          ...connectorHandlers(all, probes),
        },
      }
    },
  })
}
