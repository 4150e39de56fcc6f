import type { Faces } from '../boundaries/faces.ts'
import { resolve } from '../boundaries/rules.ts'
import { isTest, type Source } from '../boundaries/source.ts'
import { changesProcess } from './light-files.ts'

/** Test code with this changes or measures its whole process, or opens something while it is imported. */
const usesProcess = [
  ...changesProcess,
  /^(?:export )?(?:(?:const|let|var) [^=]+= |\} = )?await /m,
  /\bprocess\.(?:kill|memoryUsage|cpuUsage|resourceUsage)\b/,
]
/** It sets the variable that the test run has set before. */
const setsKnown = 'src/adapters/pglite/template-fixture.ts'
/** What starts processes and threads, or exists once in a process: one process opens one engine of chdb. */
const processModules = new Set(['node:child_process', 'node:cluster', 'node:v8', 'node:worker_threads', 'chdb'])

/**
 * Whether a test file may run in one process after others although it opens stores and servers: these are opened and
 * closed by its hooks and tests, and its test code starts no process or thread and changes nothing of its own process.
 */
export function isHouse(file: string, sources: ReadonlyMap<string, Source>, faces: Faces): boolean {
  const reached = new Set([file])
  for (const path of reached) {
    const source = sources.get(path)
    if (source === undefined || (path !== setsKnown && usesProcess.some((what) => what.test(source.code)))) return false
    for (const one of source.imports) {
      if (one.typeOnly) continue
      if (processModules.has(one.from)) return false
      const target = resolve(path, one, faces)
      if (target !== undefined && isTest(target)) reached.add(target)
    }
  }
  return true
}
