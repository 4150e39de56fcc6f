import type { Faces } from '../boundaries/faces.ts'
import { resolve } from '../boundaries/rules.ts'
import { isTest, type Source } from '../boundaries/source.ts'

/** Modules of Node.js and packages that open no process, thread, socket or native engine and set nothing global. */
const lightModules = new Set([
  ...['assert', 'buffer', 'crypto', 'events', 'fs', 'os', 'path', 'perf_hooks', 'stream', 'string_decoder'],
  ...['test', 'timers', 'url', 'util', 'zlib'],
])
const lightPackages = new Set(['@tanstack/react-query', 'commander', 'cron-parser', 'fast-check', 'yaml', 'zod'])

/** What changes the process for the tests of other files. `t.mock` is restored when its test ends. */
export const changesProcess = [
  /\bprocess\.env(?:\.\w+|\[[^\]]+\])\s*(?:\?\?|\|\|)?=(?!=)/,
  /\bdelete process\.env\b|\bObject\.assign\(process\b/,
  /\bprocess\.(?:chdir|umask|exit|on|once|setUncaughtExceptionCaptureCallback)\(|\bprocess\.exitCode\s*=(?!=)/,
  /\b(?:globalThis|Date|Math|console)\.\w+\s*=(?!=)|\bObject\.(?:assign|defineProperty)\(globalThis\b/,
  /^import\s*\{[^}]*\bmock\b[^}]*\}\s*from\s*'node:test'/m,
]

/**
 * Whether a test file may run in one process with others: neither it nor what it imports opens a process, thread,
 * socket or engine, and no test code among it changes the process. A module or file that is not known is not light.
 */
export function isLight(file: string, sources: ReadonlyMap<string, Source>, faces: Faces): boolean {
  const reached = new Set([file])
  for (const path of reached) {
    const source = sources.get(path)
    if (source === undefined || (isTest(path) && changesProcess.some((what) => what.test(source.code)))) return false
    for (const one of source.imports) {
      if (one.typeOnly) continue
      const target = resolve(path, one, faces)
      if (target !== undefined) reached.add(target)
      else if (!isLightModule(one.from)) return false
    }
  }
  return true
}

function isLightModule(from: string): boolean {
  return from.startsWith('node:') ? lightModules.has(from.slice(5).split('/')[0]!) : lightPackages.has(from)
}
