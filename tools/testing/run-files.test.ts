import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const root = mkdtempSync(join(tmpdir(), 'run-files-'))
after(() => rmSync(root, { recursive: true }))

/** Runs files with these texts; the runner of Node.js does not run inside one of its own tests. */
function runTexts(texts: Readonly<Record<string, string>>, timeoutMs = 60_000): { output: string; counts: unknown } {
  mkdirSync(join(root, 'src'), { recursive: true })
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(root, 'src', name), text)
  const files = Object.keys(texts).map((name) => `src/${name}`)
  const code = `const { runFiles } = await import(${JSON.stringify(new URL('run-files.ts', import.meta.url).href)})
    const counts = await runFiles(${JSON.stringify({ root, files, timeoutMs })})
    console.log(JSON.stringify(counts))`
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const program = join(root, 'run.mjs')
  writeFileSync(program, code)
  const { stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' })
  assert.equal(stderr.replace(/^.*Warning.*\n/gm, ''), '')
  const lines = stdout.trimEnd().split('\n')
  return { counts: JSON.parse(lines.pop()!), output: lines.join('\n').replace(/\d+\.\d s$/gm, '… s') }
}

const begin = `import assert from 'node:assert/strict'\nimport { after, before, describe, test } from 'node:test'\n`

test('light files share a process and each has its own line, hooks and failures', () => {
  const { output, counts } = runTexts({
    'a.test.ts': `${begin}globalThis.runs ??= []
      before(() => { assert.deepEqual(globalThis.runs, []); globalThis.runs.push('a before') })
      after(() => globalThis.runs.push('a after'))
      test('passes', () => undefined)
      test('is skipped', { skip: 'no disk' }, () => undefined)\n`,
    'absent.test.ts': `${begin}import { two } from 'zod'\ntest('never runs', () => assert.equal(two, 2))\n`,
    'b.test.ts': `${begin}
      test('runs in the same process, after the hooks of the other file', () =>
        assert.deepEqual(globalThis.runs, ['a before', 'a after']))
      describe('a suite', () => test('fails', () => assert.equal(1, 2)))\n`,
    'c.test.ts': `${begin}import 'node:child_process'\ntest('has a process of its own', () => assert.equal(globalThis.runs, undefined))\n`,
  })
  assert.deepEqual(counts, { passed: 3, failed: 2, skipped: ['is skipped: no disk'] })
  assert.match(output, /^ok {6}src\/a\.test\.ts {2}1 of 2, … s$/m)
  assert.match(output, /^FAILED {2}src\/absent\.test\.ts\n.*Cannot find package 'zod'/m)
  assert.match(output, /^FAILED {2}src\/absent\.test\.ts {2}0 of 0, … s$/m)
  assert.match(output, /^FAILED {2}src\/b\.test\.ts {2}1 of 2, … s$/m)
  assert.match(output, /^FAILED {2}src\/b\.test\.ts:6 {2}fails$/m)
  assert.match(output, /^ok {6}src\/c\.test\.ts {2}1 of 1, … s$/m)
})

test('files whose process ends before their turn have failed', () => {
  const { output, counts } = runTexts({
    'a.test.ts': `${begin}test('passes', () => undefined)\n`,
    'b.test.ts': `${begin}const { kill, pid } = process\ntest('ends the process', () => kill(pid, 'SIGKILL'))\n`,
  })
  assert.match(output, /^FAILED {2}src\/b\.test\.ts {2}not reported/m)
  assert.ok((counts as { failed: number }).failed >= 1)
})

test('a suite that throws while it is built fails the run', () => {
  const { output, counts } = runTexts({
    'c.test.ts': `${begin}import 'node:http'\ndescribe('a suite', () => { throw new Error('no fixture') })\n`,
  })
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: [] })
  assert.match(output, /no fixture/)
})

test('files with houses share a process, one after another; one that hangs fails by its name and the next one runs', () => {
  const file = (text: string): string => `${begin}import 'node:http'\n${text}\n`
  const texts = {
    'a.test.ts': file(`test('passes', () => (globalThis.seen ??= 'a'))`),
    'b.test.ts': file(`test('hangs', () => new Promise((resolve) => setTimeout(resolve, 5_500)))`),
    'c.test.ts': file(`test('is in the same process', () => assert.equal(globalThis.seen, 'a'))`),
  }
  const { output, counts } = runTexts(texts, 15_000)
  assert.deepEqual(counts, { passed: 2, failed: 2, skipped: [] })
  assert.match(output, /^ok {6}src\/a\.test\.ts {2}1 of 1, … s$/m)
  assert.match(output, /^FAILED {2}src\/b\.test\.ts {2}0 of 1, … s$/m)
  assert.match(output, /^ok {6}src\/c\.test\.ts {2}1 of 1, … s$/m)
})
