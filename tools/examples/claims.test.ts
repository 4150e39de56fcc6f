import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { modules } from '#apps/server/modules'
import { program } from '#apps/cli/program'
import type { SocketRoute } from '#kernel/module'
import { operationsOf } from '#kernel/start-order'
import { kernelErrors } from '#kernel/errors'
import { readSources } from '../boundaries/source.ts'
import { falseClaims, type Present } from './claims.ts'

const root = join(import.meta.dirname, '..', '..')
const all = modules({ home: '/home', files: ['/home/files'], demo: true })
const declared = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

const sources = readSources(root)
/** `datasets.dataset`: a table of metadata. `explore.check`: a function of a face. */
const tables = sources.flatMap(({ code }) => [...code.matchAll(/\bcreate table (?:if not exists )?(\w+\.\w+)/g)])
const functions = sources.flatMap(({ path, code }) => {
  const module = /^src\/modules\/([\w-]+)\/index\.ts$/.exec(path)?.[1]
  if (module === undefined) return []
  return [...code.matchAll(/^  (?:readonly )?(\w+)[(:]/gm)].map(([, name]) => `${module}.${name}`)
})

const present: Present = {
  routes: new Set([
    ...all.flatMap((module) =>
      operationsOf(module).flatMap(([, { method, path, aliases = [] }]) =>
        [path, ...aliases].map((each) => `${method} ${each}`),
      ),
    ),
    ...all.flatMap(({ sockets = {} }) =>
      Object.values(sockets as Record<string, SocketRoute>).map(({ path }) => `GET ${path}`),
    ),
    ...['/health', '/ready', '/metrics', '/openapi.json', '/docs'].map((path) => `GET ${path}`),
  ]),
  commands: new Set(program(all, '0', {}).commands.map((command) => command.name())),
  scripts: new Set(Object.keys(declared.scripts)),
  settings: new Set(
    sources.flatMap(({ code, path }) =>
      path === 'tools/examples/claims.test.ts'
        ? []
        : (code.match(/\b(MILLRACE_[A-Z_]*[A-Z]|DATABASE_URL|CLICKHOUSE_URL)\b/g) ?? []),
    ),
  ),
  names: new Set([
    ...tables.map(([, name]) => name!),
    ...functions,
    ...Object.keys(kernelErrors.$entries).map((name) => `kernel.${name}`),
    ...all.flatMap((module) => [
      ...Object.keys(module.permissions),
      ...operationsOf(module).map(([key]) => `${module.name}.${key}`),
      ...[...Object.keys(module.events ?? {}), ...Object.keys(module.jobs ?? {})].map((key) => `${module.name}.${key}`),
      ...Object.keys(module.errors?.$entries ?? {}).map((name) => `${module.errors!.$area}.${name}`),
    ]),
  ]),
  modules: new Set(['kernel', ...all.map(({ name }) => name)]),
}

const documents = globSync(
  [
    'README.md',
    'CONTRIBUTING.md',
    'ARCHITECTURE.md',
    'docs/guide/*.md',
    '{src,connectors,packs,tests,tools}/**/README.md',
  ],
  { cwd: root, exclude: (path) => path.includes('node_modules') },
)

test('the documents claim nothing that the code does not have', () => {
  const wrong = documents.flatMap((file) =>
    falseClaims(root, { file, text: readFileSync(join(root, file), 'utf8') }, present).map(
      ({ line, text }) => `${file}:${line} names ${text}, which is not there`,
    ),
  )
  assert.ok(documents.length > 15)
  assert.deepEqual(wrong, [])
})

test('a claim of each kind is found when it is false', () => {
  const wrong = (text: string): string[] =>
    falseClaims(root, { file: 'docs/guide/x.md', text }, present).map(({ text: claim }) => claim)
  assert.deepEqual(wrong('`GET /api/v1/datasets/{name}`, `GET /api/v1/datasets/orders` and `npm run faces`'), [])
  assert.deepEqual(wrong('`PUT /api/v1/nothing`'), ['the route PUT /api/v1/nothing'])
  assert.deepEqual(wrong('`millrace fly --high`'), ['the command "fly"'])
  assert.deepEqual(wrong('```sh\nbin/millrace fly\nnpm run fly\n```'), ['the command "fly"', 'the script "fly"'])
  assert.deepEqual(wrong('`MILLRACE_WINGS=2`'), ['the setting "MILLRACE_WINGS"'])
  assert.deepEqual(wrong('`datasets.fly`'), ['the name "datasets.fly"'])
  assert.deepEqual(wrong('`src/core/fly.ts` and `src/core/filter.ts`'), ['the file src/core/fly.ts'])
  assert.deepEqual(wrong('[here](operate.md) and [there](nowhere.md)'), ['the link nowhere.md'])
})

test('decisions have numbers of their own', () => {
  const numbers = readdirSync(join(root, 'docs/decisions')).map((name) => name.slice(0, 4))
  assert.deepEqual(
    numbers.filter((number, index) => numbers.indexOf(number) !== index),
    [],
  )
})

test('no sentence of an error has a placeholder that nothing fills', () => {
  const catalogues = [kernelErrors, ...all.flatMap(({ errors }) => (errors === undefined ? [] : [errors]))]
  const unfilled = catalogues.flatMap(({ $area, $entries }) =>
    Object.entries<{ readonly says: (parameters: never) => string }>($entries).flatMap(([name, { says }]) =>
      [...String(says).matchAll(/(?<!\$)\{[\w.]+\}/g)].map(([found]) => `${$area}.${name} has ${found}`),
    ),
  )
  assert.deepEqual(unfilled, [])
})
