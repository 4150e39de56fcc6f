/** Which child process runs: kept in a file, so that the next start can end one that was left behind. */
import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseJsonValue } from '#core/parse-json'

export interface ProcessRecord {
  readonly pid: number
  /** Tells this process from a later one with the same number. */
  readonly started: string
}

export function writeRecord(file: string, pid: number): void {
  const started = processStart(pid)
  if (started === undefined) return
  writeFileSync(`${file}.new`, JSON.stringify({ pid, started } satisfies ProcessRecord), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export function clearRecord(file: string): void {
  rmSync(file, { force: true })
}

/** Ends the recorded process if it is still running. Returns whether there was one. */
export async function endLeftBehind(file: string): Promise<boolean> {
  const record = readRecord(file)
  if (record === undefined || processStart(record.pid) !== record.started) return false
  try {
    process.kill(record.pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  while (processStart(record.pid) === record.started) await sleep(20)
  clearRecord(file)
  return true
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    const value: unknown = parseJsonValue(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined
    return typeof value.pid === 'number' && typeof value.started === 'string'
      ? { pid: value.pid, started: value.started }
      : undefined
  } catch {
    return undefined
  }
}

/** When a process started, in the system's own words; `undefined` when there is none, or one that holds nothing any more. */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return startInStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    )
  } catch {
    return undefined
  }
}

/**
 * From the text of `/proc/<pid>/stat` (proc_pid_stat(5)). A killed process is a zombie as soon as its first thread has
 * ended; its files and their locks are held until the last one has.
 */
export function startInStat(stat: string): string | undefined {
  const fields = stat.replace(/^.*\) /s, '').split(' ')
  const [state, threads, start] = [fields[0], Number(fields[17]), fields[19]]
  const hasEnded = state === 'X' || (state === 'Z' && threads <= 1)
  return hasEnded ? undefined : start
}
