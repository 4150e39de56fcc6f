/** For tests: datasets and streams over embedded stores. */
import { openHouse as openHouseWith, type House } from '#tests/house'
import type { Module } from '#kernel/module'
import datasetsModule from '#modules/datasets/module'
import streamsModule from './module.ts'

export type { House }

/** With further modules, for tests of what they hear or say. */
export async function openHouse(more: readonly Module[] = []): Promise<House> {
  return await openHouseWith({ modules: [...more, datasetsModule, streamsModule] })
}
