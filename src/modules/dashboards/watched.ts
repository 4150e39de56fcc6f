import type { LiveSeries, LiveWish } from '#modules/live'
import type { Dashboard } from './contract.ts'
import type { Tile } from './definition.ts'

/**
 * What the live question of a dashboard shows. What the address says goes before what a tile says; a filter of
 * both holds together. Tiles that show the same numbers are asked once.
 */
export function watched(dashboard: Dashboard, wish: LiveWish, known: ReadonlySet<string>): readonly LiveSeries[] {
  const series = new Map<string, LiveSeries>()
  for (const [index, tile] of dashboard.tiles.entries()) {
    if (!known.has(tile.metric)) continue
    const one = seriesOf(tile, wish, index)
    series.set(JSON.stringify([one.code, one.period, one.by, one.filter ?? null]), one)
  }
  return [...series.values()]
}

function seriesOf(tile: Tile, wish: LiveWish, index: number): LiveSeries {
  const filter =
    tile.filter === undefined
      ? wish.filter
      : wish.filter === undefined
        ? tile.filter
        : { and: [tile.filter, wish.filter] }
  return {
    code: tile.metric,
    period: wish.period ?? tile.period ?? 'hour',
    zone: wish.zone,
    by: wish.by ?? tile.by ?? [],
    filter,
    // Its points would be mixed up with those of another tile with the same metric.
    ...(tile.filter === undefined ? {} : { tile: index }),
  }
}
