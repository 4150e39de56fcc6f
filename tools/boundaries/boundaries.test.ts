import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkBoundaries } from './check.ts'
import { facesOf, withFaces } from './faces.ts'
import { functionCrossings } from './functions.ts'
import { readSources } from './source.ts'

/** In two pieces, so that the checker does not take this file for one that imports it. */
const dynamicImport = ['import', "('#adapters/x')"].join('')

const made: string[] = []
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const declared = { dependencies: { zod: '1' }, devDependencies: { react: '1' } }
const house: Record<string, string> = {
  'src/core/errors.ts': 'export const errors = 1\n',
  'src/ports/log.ts': "import { errors } from '#core/errors'\nexport const log = errors\n",
  'src/adapters/x/x.ts':
    "import { log } from '#ports/log'\nimport { z } from 'zod'\nimport { readFile } from 'node:fs/promises'\nexport const x = [log, z, readFile]\n",
  'src/kernel/module/module.ts': 'export const kernel = 1\n',
  'src/modules/a/index.ts':
    "import { kernel } from '#kernel/module'\nimport { inside } from './inside.ts'\nexport const a = [kernel, inside]\n",
  'src/modules/a/inside.ts': 'export const inside = 1\n',
  'src/modules/a/contract.ts': 'export const contract = 1\n',
  'src/modules/a/web/page.tsx':
    "import type { inside } from '../inside.ts'\nimport type { contract } from '../contract.ts'\nimport { useState } from 'react'\nexport const page: [typeof inside, typeof contract, unknown] = [1, 1, useState]\n",
  'src/modules/b/index.ts': "import { a } from '#modules/a'\nexport const b = a\n",
  'src/modules/b/module.ts': 'export default defineModule({\n  needs: { a },\n})\n',
  'src/sdk/index.ts': 'export const sdk = 1\n',
  'connectors/index.ts': "export { default as one } from './one/connector.ts'\n",
  'connectors/one/connector.ts': "import { sdk } from '#sdk'\nexport default sdk\n",
}

type ChangeList = (list: string) => string

/** A house with these files, whose list of faces is right unless `changeList` spoils it. */
function houseWith(change: Record<string, string>, changeList: ChangeList = (list) => list): string {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'))
  made.push(root)
  for (const [path, text] of Object.entries({ ...house, ...change })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const list = withFaces(JSON.stringify({ imports: {}, ...declared }, null, 2), facesOf(readSources(root)).faces)
  writeFileSync(join(root, 'package.json'), changeList(list))
  return root
}

function rulesBroken(change: Record<string, string>, changeList?: ChangeList): string[] {
  return checkBoundaries(houseWith(change, changeList)).crossings.map(
    ({ file, rule, line }) => `${file}:${line} ${rule}`,
  )
}

test('a house in order has no crossing', () => {
  assert.deepEqual(rulesBroken({}), [])
})

test('adapters see one room of the kernel, which sees nothing of the rest', () => {
  const room = { 'src/kernel/processes/supervisor.ts': 'export const supervise = 1\n' }
  const adapter = "import { supervise } from '#kernel/supervisor'\nexport const y = supervise\n"
  assert.deepEqual(rulesBroken({ ...room, 'src/adapters/y/y.ts': adapter }), [])
  const reaching = "import { kernel } from '../module/module.ts'\nexport const supervise = kernel\n"
  assert.deepEqual(rulesBroken({ 'src/kernel/processes/supervisor.ts': reaching }), [
    'src/kernel/processes/supervisor.ts:1 arrow',
  ])
})

test('an arrow that points back is found', () => {
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': "\nimport { log } from '#ports/log'\nexport const x = log\n" }), [
    'src/core/new.ts:2 arrow',
  ])
  assert.deepEqual(rulesBroken({ 'src/modules/a/new.ts': "import { x } from '#adapters/x'\nexport const y = x\n" }), [
    'src/modules/a/new.ts:1 arrow',
  ])
  assert.deepEqual(rulesBroken({ 'src/modules/a/new.ts': `export const y = () => ${dynamicImport}\n` }), [
    'src/modules/a/new.ts:1 arrow',
  ])
  assert.deepEqual(
    rulesBroken({
      'src/adapters/y/y.ts': "import type { kernel } from '#kernel/module'\nexport type K = typeof kernel\n",
    }),
    ['src/adapters/y/y.ts:1 arrow'],
  )
  assert.deepEqual(
    rulesBroken({
      'src/plans/plan.ts': "import { sdk } from '#sdk'\nexport const plan = sdk\n",
      'src/plans/new.ts': "import { kernel } from '#kernel/module'\nexport const k = kernel\n",
      'src/sdk/new.ts': "import { plan } from '#plans/plan'\nexport const p = plan\n",
    }),
    ['src/plans/new.ts:1 arrow', 'src/sdk/new.ts:1 arrow'],
  )
  assert.deepEqual(
    rulesBroken({ 'connectors/one/more.ts': "import { errors } from '#core/errors'\nexport const e = errors\n" }),
    ['connectors/one/more.ts:1 arrow'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/new.ts': "import { page } from './web/page.tsx'\nexport const p = page\n" }),
    ['src/modules/a/new.ts:1 arrow'],
  )
})

test('reaching past a face is found', () => {
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.ts': "import { inside } from '../a/inside.ts'\nexport const i = inside\n" }),
    ['src/modules/b/new.ts:1 past-the-face'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.test.ts': "import { inside } from '../a/inside.ts'\nexport const i = inside\n" }),
    ['src/modules/b/new.test.ts:1 past-the-face'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.ts': "import { inside } from '#modules/a/inside'\nexport const i = inside\n" }),
    ['src/modules/b/new.ts:1 past-the-face'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/b/new.ts': "import { none } from '#modules/a/none'\nexport const i = none\n" }),
    ['src/modules/b/new.ts:1 undeclared-face'],
  )
})

test('a module sees of the pages of another only what web/pages gives', () => {
  const pages = { 'src/modules/a/web/pages.tsx': 'export const pages = 1\n' }
  const seen = (from: string) =>
    rulesBroken({ ...pages, 'src/modules/b/web/new.ts': `import { x } from '${from}'\nexport const y = x\n` })
  assert.deepEqual(seen('#modules/a/web/page'), ['src/modules/b/web/new.ts:1 past-the-face'])
  assert.deepEqual(seen('#modules/a/web'), [])
})

test('the list of faces is what the code imports, sorted', () => {
  const lines = (list: string): string[] => list.split('\n')
  assert.deepEqual(
    rulesBroken({}, (list) => lines(list).toSpliced(2, 2, lines(list)[3]!, lines(list)[2]!).join('\n')),
    ['package.json:1 face-list'],
  )
  assert.deepEqual(
    rulesBroken({}, (list) => list.replace('"imports": {', '"imports": {\n    "#core/gone": "./src/core/gone.ts",')),
    ['package.json:1 face-list'],
  )
  assert.deepEqual(
    rulesBroken({}, (list) => list.replace(/\n.*"#core\/errors".*/, '')),
    ['package.json:1 face-list'],
  )
  assert.deepEqual(
    rulesBroken({}, (list) => list.replace(/\n.*"#core\/errors".*/, (line) => line + line)),
    ['package.json:1 face-list'],
  )
  const [crossing] = checkBoundaries(houseWith({}, (list) => list.replace(/\n.*"#core\/errors".*/, ''))).crossings
  assert.match(crossing!.says, /"#core\/errors" is missing.*npm run faces/)
})

test('a face follows from the path of its file, and two files never share one', () => {
  const { faces } = facesOf(
    readSources(
      houseWith({
        'src/kernel/http/client.ts': 'export const client = 1\n',
        'src/adapters/x/log.ts': 'export const log = 1\n',
        'packs/p/pack.ts': 'export default 1\n',
        'src/modules/a/web/pages.tsx': 'export const pages = 1\n',
        'tests/all.test.ts':
          "import '#kernel/client'\nimport '#adapters/x'\nimport '#packs/p'\nimport '#modules/a/web'\nimport '#modules/a/web/page'\n",
      }),
    ),
  )
  assert.equal(faces.get('#kernel/client'), 'src/kernel/http/client.ts')
  assert.equal(faces.get('#packs/p'), 'packs/p/pack.ts')
  assert.equal(faces.get('#modules/a/web'), 'src/modules/a/web/pages.tsx')
  assert.equal(faces.get('#modules/a/web/page'), 'src/modules/a/web/page.tsx')
  assert.deepEqual(rulesBroken({ 'src/kernel/other/module.ts': 'export const other = 1\n' }), [
    'src/kernel/module/module.ts:1 ambiguous-face',
    'src/modules/a/index.ts:1 undeclared-face',
  ])
})

test('a module says which others it calls', () => {
  const call = { 'src/modules/b/call.ts': "import { a } from '#modules/a'\nexport const c = a\n" }
  const moduleWith = (needs: string): string => `export default defineModule({\n  name: 'b',\n  needs: ${needs},\n})\n`
  assert.deepEqual(rulesBroken({ ...call, 'src/modules/b/module.ts': moduleWith('{}') }), [
    'src/modules/b/call.ts:1 undeclared-need',
    'src/modules/b/index.ts:1 undeclared-need',
  ])
  assert.deepEqual(rulesBroken({ ...call, 'src/modules/b/module.ts': moduleWith('{ a }') }), [])
  assert.deepEqual(
    rulesBroken({
      'src/modules/b/index.ts':
        "import type { a } from '#modules/a'\nimport { contract } from '#modules/a/contract'\nexport const b: typeof a = contract\n",
      'src/modules/b/module.ts': moduleWith('{}'),
    }),
    [],
  )
})

test('SQL names the tables of its own module only', () => {
  const schemas = {
    'src/modules/a/migrations/0001-a.sql': 'create schema if not exists a;\ncreate table a.item (x text);\n',
    'src/kernel/module/migrations.ts': 'export const sql = `create schema kernel; create table kernel.migration ()`\n',
  }
  const broken = (path: string, text: string): string[] => rulesBroken({ ...schemas, [path]: text })
  assert.deepEqual(broken('src/modules/a/own.ts', "export const q = 'select * from a.item'\n"), [])
  assert.deepEqual(broken('src/modules/b/q.ts', "export const q = 'select * from system.tables'\n"), [])
  for (const sql of [
    'select 1 from a.item',
    'delete from a.item',
    'update a.item set x = 1',
    'insert into a.item',
    'left join "a"."item"',
  ])
    assert.deepEqual(broken('src/modules/b/q.ts', `\nexport const q = '${sql}'\n`), [
      'src/modules/b/q.ts:2 foreign-schema',
    ])
  assert.deepEqual(broken('src/modules/b/q.ts', "export const q = 'select * from kernel.migration'\n"), [
    'src/modules/b/q.ts:1 foreign-schema',
  ])
  assert.deepEqual(
    broken('src/modules/b/migrations/0001-b.sql', 'create schema other;\nalter table a.item add y text;\n'),
    ['src/modules/b/migrations/0001-b.sql:1 foreign-schema', 'src/modules/b/migrations/0001-b.sql:2 foreign-schema'],
  )
})

test('functions over 100 lines or with five parameters are found, and a paid debt is named', async () => {
  const root = houseWith({
    'src/core/long.ts': `export function long() {\n${'  void 0\n'.repeat(100)}}\n`,
    'src/core/many.ts': 'export const many = (a = 1, b = 1, c = 1, d = 1, e = 1) => a + b + c + d + e\n',
    'src/core/long.test.ts': `export function long() {\n${'  void 0\n'.repeat(100)}}\n`,
  })
  const broken = async (debts: readonly string[]): Promise<string[]> =>
    (await functionCrossings(root, debts)).map(({ file, rule, line }) => `${file}:${line} ${rule}`).toSorted()
  assert.deepEqual(await broken([]), ['src/core/long.ts:1 long-function', 'src/core/many.ts:1 many-parameters'])
  const debts = ['src/core/long.ts long-function long', 'src/core/many.ts many-parameters unnamed']
  assert.deepEqual(await broken(debts), [])
  assert.deepEqual(await broken([...debts, 'src/core/one.ts long-function one']), [
    'tools/boundaries/debts.ts:1 paid-debt',
  ])
})

test('circles among files are found, also through types and faces', () => {
  assert.deepEqual(
    rulesBroken({
      'src/core/one.ts': "import { two } from './two.ts'\nexport const one = two\n",
      'src/core/two.ts': "import type { one } from './one.ts'\nexport const two = 1 as unknown as typeof one\n",
    }),
    ['src/core/one.ts:1 circle'],
  )
  assert.deepEqual(
    rulesBroken({
      'src/modules/a/inside.ts': "import type { b } from '#modules/b'\nexport const inside: typeof b = 1\n",
    }),
    ['src/modules/a/index.ts:1 circle'],
  )
})

test('packages are declared, and what is shipped uses none for development', () => {
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': "import leftpad from 'left-pad'\nexport const l = leftpad\n" }), [
    'src/core/new.ts:1 undeclared-package',
  ])
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': "import * as react from 'react/jsx'\nexport const l = react\n" }), [
    'src/core/new.ts:1 development-package',
  ])
})

test('the browser gets no server code', () => {
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/web/new.ts': "import { inside } from '../inside.ts'\nexport const i = inside\n" }),
    ['src/modules/a/web/new.ts:1 server-in-browser'],
  )
  assert.deepEqual(
    rulesBroken({ 'src/modules/a/web/new.ts': "import { kernel } from '#kernel/module'\nexport const i = kernel\n" }),
    ['src/modules/a/web/new.ts:1 server-in-browser'],
  )
  assert.deepEqual(rulesBroken({ 'src/ui/new.ts': "import { join } from 'node:path'\nexport const j = join\n" }), [
    'src/ui/new.ts:1 node-in-browser',
  ])
})

test('a contract comes into the browser as types only, since its schemas would bring zod along', () => {
  assert.deepEqual(
    rulesBroken({
      'src/modules/a/web/new.ts': "import { contract } from '../contract.ts'\nexport const c = contract\n",
    }),
    ['src/modules/a/web/new.ts:1 contract-in-browser'],
  )
  assert.deepEqual(
    rulesBroken({
      'src/apps/web/new.ts': "import { contract } from '#modules/a/contract'\nexport const c = contract\n",
    }),
    ['src/apps/web/new.ts:1 contract-in-browser'],
  )
})

test('long files, drawers and default exports are found', () => {
  assert.deepEqual(rulesBroken({ 'src/core/long.ts': 'export {}\n'.repeat(401) }), ['src/core/long.ts:401 long-file'])
  assert.deepEqual(rulesBroken({ 'src/core/utils.ts': 'export {}\n' }), ['src/core/utils.ts:1 drawer'])
  assert.deepEqual(rulesBroken({ 'src/core/shared/x.ts': 'export {}\n' }), ['src/core/shared/x.ts:1 drawer'])
  assert.deepEqual(rulesBroken({ 'src/core/run-manager.ts': 'export {}\n' }), ['src/core/run-manager.ts:1 drawer'])
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': 'export default 1\n' }), ['src/core/new.ts:1 default-export'])
})

test('a way to the table of a dataset past "readable" is found', () => {
  const broken = (line: string, path = 'src/modules/a/new.ts') =>
    rulesBroken({ [path]: `export const x = (${line})\n` })
  const found = ['src/modules/a/new.ts:1 dataset-table']
  assert.deepEqual(broken('d) => `SELECT * FROM ${d.dataset.table}`'), found)
  assert.deepEqual(broken('dataset) => dataset.database'), found)
  assert.deepEqual(broken('w) => `SELECT * FROM ws_${w}.orders`'), found)
  assert.deepEqual(broken("'SELECT * FROM ws_default.orders'"), found)
  assert.deepEqual(broken('p) => p.userDatabase'), found)
  assert.deepEqual(broken('log) => log.read()'), found)
  assert.deepEqual(broken("'ws_default.orders'", 'src/modules/datasets/new.ts'), [])
  assert.deepEqual(broken("'ws_default.orders'", 'src/modules/a/new.test.ts'), [])
  assert.deepEqual(broken('p) => p.userDatabase', 'src/modules/explore/guard.ts'), [])
})

test('a comparison of a connector type, and an HTTP request past the toolkit, are found', () => {
  const inModule = (text: string) => rulesBroken({ 'src/modules/a/new.ts': `${text}\n` })
  const compared = ['src/modules/a/new.ts:1 connector-type']
  assert.deepEqual(inModule("export const x = (c: { type: string }) => c.type === 'one'"), compared)
  assert.deepEqual(inModule("export const x = (type: string) => type !== 'one'"), compared)
  assert.deepEqual(inModule("export const x = (kind: string, type: string) => kind === 'one' || type === 'two'"), [])
  const inConnector = (text: string) => rulesBroken({ 'connectors/one/new.ts': `${text}\n` })
  const reached = ['connectors/one/new.ts:1 connector-socket']
  assert.deepEqual(inConnector("export const x = () => fetch('https://x.example')"), reached)
  assert.deepEqual(inConnector("import { request } from 'node:https'"), reached)
  assert.deepEqual(inConnector("export const x = () => new WebSocket('wss://x.example')"), reached)
  assert.deepEqual(inConnector("import type { IncomingHttpHeaders } from 'node:http'"), [])
  assert.deepEqual(inConnector('export const x = (client: { fetch: () => void }) => client.fetch()'), [])
})

test('any needs a reason beside it', () => {
  assert.deepEqual(rulesBroken({ 'src/core/new.ts': 'export const x = (y: any): number => y\n' }), [
    'src/core/new.ts:1 bare-any',
  ])
  assert.deepEqual(
    rulesBroken({ 'src/core/new.ts': '// `any`: what comes from outside\nexport const x = (y: any): number => y\n' }),
    [],
  )
})

test('text in a comment is no import', () => {
  assert.deepEqual(
    rulesBroken({
      'src/core/new.ts': `/**\nimport { x } from '#adapters/x'\n */\n// ${dynamicImport}\nexport const text = 1\n`,
    }),
    [],
  )
})

test('two thousand files take less than a second', () => {
  const many: Record<string, string> = {}
  for (let index = 0; index < 2000; index += 1)
    many[`src/core/file-${index}.ts`] = `import { errors } from '#core/errors'\nexport const e${index} = errors\n`
  const root = houseWith(many)
  const began = performance.now()
  assert.equal(checkBoundaries(root).files, 2013)
  assert.ok(performance.now() - began < 1000, `took ${performance.now() - began} ms`)
})

test('settings, error numbers and error texts of the engine are in adapters and compilers only', () => {
  const settings = 'export const s = { max_execution_time: 5 }\n'
  assert.deepEqual(
    rulesBroken({
      'src/modules/a/new.ts': `\n${settings}`,
      'src/kernel/module/new.ts': 'export const s = "SELECT 1 SETTINGS join_use_nulls = 1"\n',
      'connectors/one/more.ts': "export const s = { input_format_csv_trim: 1, session_timezone: 'UTC' }\n",
      'src/modules/b/new.ts': 'export const isMemory = (text: string) => /Code: 241/.test(text)\n',
      'connectors/two/more.ts': 'export const row = /\\(at row (\\d+)\\)/\nexport const place = /failed at position/\n',
      'connectors/three/more.ts': "export const plain = (text: string) => text.replace(/DB::Exception: /, '')\n",
      'src/adapters/x/settings.ts': settings,
      'src/plans/clickhouse/settings.ts': settings,
      'src/modules/a/new.test.ts': settings,
      'src/modules/a/said.ts': '/** Unlike max_execution_time. */\nexport const seconds = 5\n',
    }),
    [
      'src/kernel/module/new.ts:1 engine-name',
      'src/modules/a/new.ts:2 engine-name',
      'src/modules/b/new.ts:1 engine-name',
      'connectors/one/more.ts:1 engine-name',
      'connectors/three/more.ts:1 engine-name',
      'connectors/two/more.ts:1 engine-name',
      'connectors/two/more.ts:2 engine-name',
    ],
  )
})

test('the column of positions is named by the log and its adapters only', () => {
  const ordered = "export const order = 'ORDER BY _position DESC'\n"
  assert.deepEqual(
    rulesBroken({
      'src/modules/a/new.ts': ordered,
      'connectors/one/more.ts': "export const columns = ['_position']\n",
      'src/adapters/log-warehouse/new.ts': ordered,
      'src/ports/log.ts': '/** Rows carry `_position`. */\n' + ordered,
      'src/modules/a/new.test.ts': ordered,
      'src/modules/a/said.ts': '/** Not by _position. */\nexport const column = "after_position"\n',
    }),
    ['src/modules/a/new.ts:1 position-column', 'connectors/one/more.ts:1 position-column'],
  )
})
