import { unitOf } from './units.ts'

/** Logs own the column; the list of reserved names keeps people from using it. */
const mayName = /^src\/(adapters\/log-[^/]+\/|ports\/|core\/dataset\.ts$)/

/** Lines that name the column of positions: what its type is and how it orders rows, only the log knows. */
export function positionColumns(path: string, text: string): { readonly line: number; readonly says: string }[] {
  if (mayName.test(path) || unitOf(path).layer === 'outside' || path.includes('/golden/')) return []
  return text.split('\n').flatMap((line, index) => {
    const code = line.replace(/^\s*(\*|\/\/|\/\*).*/, '')
    if (!/(?<![A-Za-z0-9])_position\b/.test(code)) return []
    return [{ line: index + 1, says: 'names the column "_position"; ask "positions.sql.row" of the log' }]
  })
}
