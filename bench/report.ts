import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export type Cells = Readonly<Record<string, string | number>>

/** A table for people, in the form Markdown takes. */
export function printTable(title: string, rows: readonly Cells[]): void {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [names, names.map(() => '---'), ...rows.map((row) => names.map((name) => String(row[name] ?? '')))]
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  console.log(`\n${title} (${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'})\n`)
  for (const line of lines)
    console.log(
      `| ${line.map((cell, column) => cell.padEnd(widths[column]!, line === lines[1] ? '-' : ' ')).join(' | ')} |`,
    )
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Seconds of processor time a process has used so far, its threads included. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}

export const round = (value: number, digits = 0): number => Number(value.toFixed(digits))
export const thousands = (value: number): string => Math.round(value).toLocaleString('en-US')
