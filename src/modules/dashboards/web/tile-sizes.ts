export type TileSize = 'plain' | 'wide' | 'large'

const across = 4

/** The first tile leads; as many of the next ones are wide as fill the last row. */
export function tileSizes(count: number): TileSize[] {
  if (count < 3) return Array.from({ length: count }, () => 'wide')
  const cells = count + 3
  const wide = (across - (cells % across)) % across
  return Array.from({ length: count }, (_, index) => (index === 0 ? 'large' : index <= wide ? 'wide' : 'plain'))
}
