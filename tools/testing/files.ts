import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * - `unit`: all that needs no outside server, and no server of our own in a process that is killed or started again
 * - `system`: whole servers, engines and commands in processes of their own, killed, starved and started on old homes
 * - `services`: what talks to real outside servers
 * - `long`: property, kill and load tests at their full size
 * - `journeys`: the browser over a real server
 */
export type Suite = 'unit' | 'system' | 'services' | 'long' | 'journeys'

/** The long ones first, so that nothing long is left alone at the end. */
const folders = ['tests', 'src', 'connectors', 'packs', 'tools', 'bench', 'examples']

export function testFiles(root: string, suite: Suite): string[] {
  const files = folders.filter((folder) => existsSync(join(root, folder))).flatMap((folder) => walk(root, folder))
  if (suite === 'journeys') return files.filter((file) => file.endsWith('.journey.ts'))
  const tests = files.filter((file) => /\.test\.tsx?$/.test(file))
  const names = (word: RegExp): string[] => tests.filter((file) => word.test(readFileSync(join(root, file), 'utf8')))
  const own = (kind: string): string[] => tests.filter((file) => file.includes(`.${kind}.test.`))
  if (suite === 'system') return own('system')
  if (suite === 'services') return [...new Set([...own('services'), ...names(/MILLRACE_TEST_[A-Z]+_URL/)])]
  if (suite === 'long')
    return [...new Set([...own('long'), ...names(/\b(isLong|assertProperty|progress)\b.*\/long-form/)])]
  return tests.filter((file) => !/\.(system|services|long)\.test\./.test(file))
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
    .filter((path) => !path.includes('/node_modules/'))
    .toSorted()
}
