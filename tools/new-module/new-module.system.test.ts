import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkBoundaries } from '../boundaries/check.ts'
import { facesOf, withFaces } from '../boundaries/faces.ts'
import { readSources } from '../boundaries/source.ts'
import { root } from '../program.ts'
import { lists, registered } from './register.ts'
import { moduleFiles } from './skeleton.ts'

type Files = Readonly<Record<string, string>>

const made: string[] = []
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** This repository with further modules, which are the only real files in it. */
function repositoryWith(modules: Readonly<Record<string, Files>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'new-module-'))
  made.push(folder)
  const linked = readdirSync(join(root, 'src')).filter((name) => name !== 'modules')
  const others = readdirSync(join(root, 'src/modules'))
  for (const path of [
    ...['connectors', 'packs', 'tests', 'node_modules'],
    ...linked.map((name) => `src/${name}`),
    ...others.map((name) => `src/modules/${name}`),
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(join(root, path), join(folder, path))
  }
  for (const [name, files] of Object.entries(modules))
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, 'src/modules', name, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  const list = readFileSync(join(root, 'package.json'), 'utf8')
  writeFileSync(join(folder, 'package.json'), withFaces(list, facesOf(readSources(folder)).faces))
  return folder
}

/** Runs the test of each module; returns the names of the tests that failed, by module. */
async function failuresOf(modules: Readonly<Record<string, Files>>): Promise<Readonly<Record<string, string[]>>> {
  const folder = repositoryWith(modules)
  const names = Object.keys(modules)
  const files = names.map((name) => join(folder, 'src/modules', name, 'module.test.ts'))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const output = await new Promise<string>((resolve, reject) =>
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'failing-files.ts'), ...files],
      { encoding: 'utf8', env, timeout: 200_000 },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    ),
  )
  const failing = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, string[]>
  return Object.fromEntries(names.map((name, index) => [name, failing[files[index]!]!]))
}

/** The files of a new module without one of its parts. Its test, which fails, waits less long. */
function without(name: string, path: string, part: RegExp, by = ''): Files {
  const files = moduleFiles(name)
  const text = files[path]?.replace(part, by)
  assert.ok(text !== undefined && text !== files[path], `${path} holds ${part}`)
  const patience = files['module.test.ts']!.replace('withinMs: 10_000', 'withinMs: 2_000')
  return { ...files, 'module.test.ts': patience, [path]: text }
}

test('a new module passes types, boundaries, lint and format', () => {
  const folder = repositoryWith({ 'fine-things': moduleFiles('fine-things') })
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: object
  }
  const include = ['src/modules/fine-things', join(root, 'src/apps/web/vite-env.d.ts')]
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }))
  for (const config of ['.oxlintrc.json', '.oxfmtrc.json']) cpSync(join(root, config), join(folder, config))
  const bin = (name: string): string => join(root, 'node_modules/.bin', name)
  for (const args of [
    [bin('tsc'), '-p', folder],
    [bin('oxlint'), join(folder, 'src/modules/fine-things')],
    [bin('oxfmt'), '--list-different', join(folder, 'src/modules/fine-things')],
  ])
    execFileSync(process.execPath, args, { encoding: 'utf8', cwd: folder })
  const crossings = checkBoundaries(folder).crossings.filter(({ file }) => file.includes('fine-things'))
  assert.deepEqual(crossings, [])
})

test('the server code of a new module has at most 60 lines without imports, comments and blank lines', () => {
  const files = Object.entries(moduleFiles('fine-things')).filter(([path]) => /^[\w-]+\.ts$/.test(path))
  assert.deepEqual(files.map(([path]) => path).toSorted(), ['contract.ts', 'index.ts', 'module.ts'])
  const lines = files.flatMap(([, text]) => text.split('\n'))
  const code = lines.filter((line) => !/^\s*(import .*|\/\/.*|\/\*\*.*\*\/)?$/.test(line))
  assert.ok(code.length <= 60, `The server code of a new module has ${code.length} lines.`)
})

test('the test of a new module passes, and fails without its event, job, audit entry, page or command', async () => {
  const failures = await failuresOf({
    whole: moduleFiles('whole'),
    unsaid: without('unsaid', 'module.ts', /\n.*await emit\(.*/),
    unheard: without('unheard', 'module.ts', /=>\s*jobs\.enqueue\(.*\)/, '=> undefined'),
    idle: without('idle', 'module.ts', /=> metadata\.inWorkspace\(workspace\)\.query\(update, .*?\)/, '=> undefined'),
    unaudited: without('unaudited', 'contract.ts', /effect: 'write',\n.*subject.*/, "effect: 'read',"),
    pageless: without('pageless', 'web/pages.tsx', /pages: \[\{.*\}\]/, 'pages: []'),
    wordless: without('wordless', 'contract.ts', /effect: 'write',/, "effect: 'write', command: false,"),
  })
  const event = 'the event of an added item queues the job that checks it'
  const audited = 'adding an item is in the audit trail'
  const page = 'the page lists the items'
  assert.deepEqual(failures, {
    whole: [],
    unsaid: [event],
    unheard: [event],
    idle: [event],
    unaudited: [audited],
    pageless: [page],
    wordless: ['an item is added with the command', audited, event, page],
  })
})

test('a new module is the last in the lists of the server and of the web, before the demo', () => {
  const [server, web] = lists.map((list) => registered(list, readFileSync(join(root, list), 'utf8'), 'fine-things'))
  assert.match(server!, /import fineThings from '#modules\/fine-things\/module'\n/)
  assert.match(server!, /\n {4}fineThings,\n {4}\.\.\.\(demo/)
  assert.match(web!, /import \{ pages as fineThings \} from '#modules\/fine-things\/web'\n/)
  assert.match(web!, /\w,\n {2}fineThings,\n\]\n$/)
})
