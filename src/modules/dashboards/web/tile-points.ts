import type { LivePoint } from '#ui/frames'
import type { Tile } from './dashboard-api.ts'

/** The filter of a tile as an address takes it. */
export function filterText({ filter }: Pick<Tile, 'filter'>): string | undefined {
  return filter === undefined || typeof filter === 'string' ? filter : JSON.stringify(filter)
}

/** Which of a dashboard's points are the numbers of a tile: those of its filter, and of the whole, not of a group. */
export function pointsOfTile(points: readonly LivePoint[], tile: Tile, index: number): LivePoint[] {
  const place = tile.filter === undefined ? undefined : index
  return points.filter((point) => point.code === tile.metric && point.tile === place && point.dims === undefined)
}
