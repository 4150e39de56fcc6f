import type { Actor } from '#core/actor'
import type { Handlers } from '#kernel/contract'
import type { ReferencesTo } from '#kernel/definition-locks'
import type { DefinitionVersions } from '#kernel/definition-versions'
import type { Surroundings } from '#sdk'
import type { Catalogue } from '../catalogue.ts'
import type { connectorsContract } from '../contract.ts'
import type { ConnectionSettings } from './connection-settings.ts'
import type { ConnectionStore } from './connection-store.ts'
import type { connectionOperations } from './contract.ts'

export interface ConnectionParts {
  readonly all: Catalogue
  readonly store: ConnectionStore
  readonly settings: ConnectionSettings
  readonly versions: DefinitionVersions
  readonly permissions: ReadonlyMap<string, string>
  readonly referencesTo: ReferencesTo
  readonly around: (actor: Actor, signal: AbortSignal, seconds: number) => Promise<Surroundings>
}

export type ConnectionHandlers = Pick<Handlers<typeof connectorsContract>, keyof typeof connectionOperations>
