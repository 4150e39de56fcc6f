/** For tests: pipelines over embedded stores. The home outlives a restart. */
import { join } from 'node:path'
import { connectors } from '#connectors'
import type { Module } from '#kernel/module'
import type { Connector } from '#sdk'
import { openHouse as openHouseWith, type House as AnyHouse, type HouseOptions } from '#tests/house'
import type { Clock } from '#ports/clock'
import { connectorsModule } from '#modules/connectors/module'
import datasetsModule from '#modules/datasets/module'
import exploreModule from '#modules/explore/module'
import identityModule from '#modules/identity/module'
import streamsModule from '#modules/streams/module'
import { pipelines } from './index.ts'
import type { Pipelines } from './index.ts'
import pipelinesModule from './module.ts'

export interface House extends AnyHouse {
  readonly pipelines: Pipelines
}

interface Options {
  readonly egress?: string
  /** When schedules come; the system's otherwise. */
  readonly clock?: Clock
  /** As in `openHouse` of tests/house. */
  readonly wrapPorts?: NonNullable<HouseOptions['wrapPorts']>
  /** Beside those that come with Millrace. */
  readonly moreConnectors?: readonly Connector[]
  /** Started after those of this house. */
  readonly moreModules?: readonly Module[]
}

export async function openHouse(options: Options = {}): Promise<House> {
  const house = await openHouseWith({
    ...options,
    modules: (home) => [
      identityModule,
      datasetsModule,
      streamsModule,
      connectorsModule({
        connectors: [...connectors, ...(options.moreConnectors ?? [])],
        home,
        files: [join(home, 'files')],
      }),
      exploreModule,
      pipelinesModule,
      ...(options.moreModules ?? []),
    ],
  })
  return Object.defineProperty(house as House, 'pipelines', { get: () => house.running.face(pipelines) })
}
