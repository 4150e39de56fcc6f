import type { StatementFailure, SyntaxFailure } from '#core/engine-failure'
import type { WarehouseErrorKind } from '#ports/warehouse'

const names: Partial<Record<WarehouseErrorKind, RegExp>> = {
  missing_parameter: /`(\w+)`/,
  unknown_function: /with name [`']?(\w+)/i,
  unknown_column: /identifiers? [`']([^`']+)[`']/,
  unknown_table: /identifier [`']([^`']+)[`']/,
}

export function readStatementFailure(message: string, kind: WarehouseErrorKind): StatementFailure | undefined {
  if (kind === 'syntax') return syntaxFailure(message)
  const name = names[kind]?.exec(message)?.[1]
  return name === undefined ? undefined : { kind: 'name', name }
}

function syntaxFailure(message: string): SyntaxFailure | undefined {
  const place = /failed at position (\d+)(?: \(([^)]*)\))?(?: \(line (\d+), col (\d+)\))?/.exec(message)
  const [, position, near, line, column] = place ?? []
  if (position === undefined) return undefined
  const expected = /Expected one of: ([^.]*)/.exec(message)?.[1]?.split(', ') ?? []
  return {
    kind: 'syntax',
    position,
    ...(near !== undefined && { near }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    expected: expected.filter((word) => /^[A-Z(),]/.test(word)).slice(0, 8),
    several: message.includes('Multi-statements'),
  }
}
