import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { RunningServer } from '../tests/running-server.ts'

/** Processor seconds a process has used, all its threads together. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** What a process holds of the machine's memory, shared pages counted by their share. */
export function memoryBytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
  return Number(pss?.[1] ?? 0) * 1024
}

export function enginePid(server: RunningServer): number {
  const { pid } = JSON.parse(readFileSync(join(server.home, 'warehouse.process.json'), 'utf8')) as { pid: number }
  return pid
}

export function machine(): string {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
}

export interface CpuMark {
  /** Cores used on average since the mark was set, by name. */
  used(): Record<string, number>
}

export function markCpu(pids: Readonly<Record<string, number>>): CpuMark {
  const began = performance.now()
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpuSeconds(pid)] as const)
  return {
    used: () =>
      Object.fromEntries(
        before.map(([name, pid, seconds]) => [
          name,
          (cpuSeconds(pid) - seconds) / ((performance.now() - began) / 1000),
        ]),
      ),
  }
}
