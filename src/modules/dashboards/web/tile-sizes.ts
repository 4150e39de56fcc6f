import type { TileSize } from '#ui/TileGrid'
import type { Tile } from './dashboard-api.ts'

const across = 4

/**
 * A tile is as wide as it says. Where none says so, the first one leads and as many of the next ones
 * are wide as fill the last row.
 */
export function tileSizes(tiles: readonly Pick<Tile, 'width'>[]): TileSize[] {
  if (tiles.every(({ width }) => width === undefined)) return chosenFor(tiles.length)
  return tiles.map(({ width = 3 }) => ({ width: Math.max(2, width), tall: width >= 8 }))
}

function chosenFor(count: number): TileSize[] {
  if (count < 3) return Array.from({ length: count }, () => ({ width: 6, tall: false }))
  const cells = count + 3
  const wide = (across - (cells % across)) % across
  return Array.from({ length: count }, (_, index) => ({
    width: index === 0 || index <= wide ? 6 : 3,
    tall: index === 0,
  }))
}
