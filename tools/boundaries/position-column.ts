import type { LineRule } from './line-rules.ts'

/** Logs own the column; the list of reserved names keeps people from using it. */
const mayName = /^src\/(adapters\/log-[^/]+\/|ports\/|core\/dataset\.ts$)/

/** Lines that name the column of positions: what its type is and how it orders rows, only the log knows. */
export const positionColumn: LineRule = {
  rule: 'position-column',
  mayBreak: (path) => mayName.test(path),
  find: (code) =>
    /(?<![A-Za-z0-9])_position\b/.test(code)
      ? 'names the column "_position"; ask "positions.sql.row" of the log'
      : undefined,
}
