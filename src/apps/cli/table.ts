import { isNumber as isWrittenNumber } from '#core/exact-json'

/** Rows for people: aligned, numbers to the right, no wider than the terminal. */
export function table(headers: readonly string[], rows: readonly (readonly unknown[])[], width = Infinity): string {
  const cells = rows.map((row) => headers.map((_, index) => cellText(row[index])))
  const numeric = headers.map(
    (_, index) =>
      rows.length > 0 && rows.every((row) => row[index] === null || row[index] === undefined || isNumber(row[index])),
  )
  const widths = headers.map((header, index) => Math.max(header.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const fitted = fit(widths, width)
  const line = (row: readonly string[]) =>
    row
      .map((text, index) => {
        const room = fitted[index] ?? 0
        const cut = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text
        return numeric[index] ? cut.padStart(room) : cut.padEnd(room)
      })
      .join('  ')
      .trimEnd()
  return [line(headers), line(fitted.map((room) => '─'.repeat(room))), ...cells.map(line)].join('\n')
}

/** One thing: its fields below each other. */
export function fields(thing: object): string {
  const entries = Object.entries(thing)
  const width = Math.max(0, ...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}`).join('\n')
}

export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value)
  // Data must not move the cursor or colour the terminal.
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function isNumber(value: unknown): boolean {
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value)
  return typeof value === 'number' || isWrittenNumber(value)
}

/** Takes room from the widest columns first. */
function fit(widths: readonly number[], width: number): number[] {
  const fitted = [...widths]
  let over = fitted.reduce((sum, room) => sum + room + 2, -2) - width
  while (over > 0) {
    const widest = fitted.indexOf(Math.max(...fitted))
    if ((fitted[widest] ?? 0) <= 8) break
    fitted[widest] = (fitted[widest] ?? 0) - 1
    over--
  }
  return fitted
}
