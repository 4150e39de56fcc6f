import type { Dataset } from './dataset-api.ts'

const examples: Readonly<Record<string, unknown>> = {
  string: 'text',
  integer: 1,
  number: 1.5,
  boolean: true,
  date: '2026-11-21',
  timestamp: '2026-11-21T10:00:00Z',
  json: {},
}

/** A curl line that sends one row the dataset would take. */
export function sendLine(origin: string, name: string, columns: Dataset['columns']): string {
  const row = Object.fromEntries(
    columns.filter((column) => !column.name.startsWith('_')).map((column) => [column.name, example(column.type)]),
  )
  return [
    `curl -X POST ${origin}/api/v1/streams/${name}/events \\`,
    `  -H "Authorization: Bearer $MILLRACE_TOKEN" -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify([row]).replaceAll("'", "'\\''")}'`,
  ].join('\n')
}

function example(type: string): unknown {
  return type.startsWith('decimal') ? 12.5 : (examples[type] ?? 'text')
}
