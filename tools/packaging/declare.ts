import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { facesOf, withPlainImports } from './compile.ts'

/**
 * Puts the types of the sdk beside its compiled files, for connectors written outside the house. They must not
 * name Node's own types, since who uses them may have none; the test of the package compiles a connector without.
 */
export function declareSdk(root: string, to: string): void {
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'tsconfig.json'), '--outDir', to], {
    stdio: 'inherit',
  })
  const faces = facesOf(root)
  for (const file of globSync('src/**/*.d.ts', { cwd: to })) {
    const path = join(to, file)
    writeFileSync(path, withPlainImports(readFileSync(path, 'utf8'), file, faces))
  }
}
