/** The example connector keeps every rule; and for each check there is a connector that breaks its rule. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { defineConnector, secretText } from '../index.ts'
import type { Batch, BatchReading, Connector, EngineColumn, Surroundings, Writer } from '../index.ts'
import { shop } from './shop-connector-fixture.ts'
import { records, shopServer } from './shop-server-fixture.ts'
import { sourceChecks } from './source-checks.ts'
import type { SourceCase } from './source-checks.ts'
import { writerChecks } from './writer-checks.ts'
import type { DestinationCase } from './writer-checks.ts'

function shopCase(change: Partial<SourceCase> = {}): SourceCase {
  return {
    connector: shop,
    config: { url: 'https://shop.example/', auth: { type: 'token', token: 'good' }, stream: 'orders' },
    secrets: ['hidden-word'],
    badCredentials: { auth: { type: 'password', user: 'ann', password: 'hidden-word' } },
    unreachable: { url: 'https://gone.example/', auth: { type: 'token', token: 'hidden-word' } },
    records,
    ...shopServer(),
    ...change,
  }
}

for (const [name, check] of Object.entries(sourceChecks)) test(`the example: ${name}`, () => check(shopCase()))

test('the example has at most 60 lines of code', () => {
  const text = readFileSync(new URL('shop-connector-fixture.ts', import.meta.url), 'utf8')
  const code = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\*\*|import )/.test(line))
  assert.ok(code.length <= 60, `${code.length}`)
})

test('the guide shows the code as it is', () => {
  const root = new URL('../../../', import.meta.url)
  const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8')
  const code = [
    'src/sdk/conformance/shop-connector-fixture.ts',
    'src/sdk/conformance/conformance.test.ts',
    'connectors/postgresql/errors.ts',
  ].map(textOf)
  const blocks = [...textOf('docs/guide/write-a-connector.md').matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!)
  assert.ok(blocks.length > 0)
  for (const block of blocks)
    assert.ok(
      code.some((text) => text.includes(block)),
      block,
    )
})

/** The shop with something else in its place. */
const withSource = (change: object): Connector => ({ ...shop, source: { ...shop.source!, ...change } })
const reading = (change: (batches: AsyncIterable<Batch>, state: unknown) => AsyncIterable<Batch>): Connector =>
  withSource({
    load: async () => ({
      read: async (settings: unknown, around: Surroundings, from: { state?: unknown }) => {
        const made = (await (await shop.source!.load()).read(settings, around, from)) as BatchReading
        return { by: 'batches', batches: (signal: AbortSignal) => change(made.batches(signal), from.state) }
      },
    }),
  })
const withCheck = (check: (given: unknown, around: Surroundings) => Promise<string>): Connector => ({
  ...shop,
  connection: { ...shop.connection!, load: async () => ({ check }) },
})
async function* mapped(
  batches: AsyncIterable<Batch>,
  map: (batch: Batch, index: number) => Batch,
): AsyncGenerator<Batch> {
  let index = 0
  for await (const batch of batches) yield map(batch, index++)
}

const broken: Readonly<Record<keyof typeof sourceChecks, Connector>> = {
  'the spec is whole: its names, its modes, and code for what it declares': withSource({
    modes: ['incremental'],
    resumes: undefined,
  }),
  'the form can be made: every setting has a title or is described, and every secret is found': withSource({
    settings: z.strictObject({ stream: z.string(), password: secretText({ title: '', description: '' }).optional() }),
  }),
  'a check finds what is there': withCheck(async () => ''),
  'a check says that the credentials are wrong': withCheck(async () => 'Fine.'),
  'a check says that the server is not there': withCheck(() => Promise.reject(new Error('connection refused'))),
  'each stream that is listed can be read': {
    ...shop,
    streams: {
      load: async () => ({
        streams: async () => [{ name: 'x', config: { stream: 'x' }, primaryKey: [], cursors: [], modes: ['full'] }],
      }),
    },
  },
  'batches are bounded in bytes': reading((batches) =>
    mapped(batches, (batch) => ({ ...batch, rows: Array.from({ length: 90 }, () => ({ text: 'x'.repeat(100_000) })) })),
  ),
  'the kind of reading is the one that is declared': withSource({ reads: 'engine' }),
  'every value comes as it is': reading((batches) =>
    mapped(batches, (batch) =>
      'rows' in batch
        ? { ...batch, rows: batch.rows.map((row) => ({ ...row, id: Number(JSON.stringify(row['id'])) })) }
        : batch,
    ),
  ),
  'resuming from each captured state loses nothing and doubles nothing': reading((batches, state) =>
    mapped(batches, (batch, index) =>
      state !== undefined && index === 0 && 'rows' in batch ? { ...batch, rows: batch.rows.slice(1) } : batch,
    ),
  ),
  'a connection that breaks loses nothing': reading(async function* (batches) {
    try {
      yield* batches
    } catch {
      // Ends as if there were no more.
    }
  }),
  'no error shows a secret': withCheck((given) => Promise.reject(new Error(JSON.stringify(given)))),
}

/** What each check says of its broken connector: it fails for its own rule and not for another reason. */
const complaints: Readonly<Record<keyof typeof sourceChecks, RegExp>> = {
  'the spec is whole: its names, its modes, and code for what it declares': /"incremental" and "resumes" go together/,
  'the form can be made: every setting has a title or is described, and every secret is found': /has no title/,
  'a check finds what is there': /did not match the regular expression/,
  'a check says that the credentials are wrong': /must fail with an error of a catalogue/,
  'a check says that the server is not there': /must fail with an error of a catalogue/,
  'each stream that is listed can be read': /Invalid option: expected one of/,
  'batches are bounded in bytes': /a batch has \d+ bytes/,
  'the kind of reading is the one that is declared': /'batches'[^]*'engine'/,
  'every value comes as it is': /9007199254740993/,
  'resuming from each captured state loses nothing and doubles nothing': /from the state of batch 1/,
  'a connection that breaks loses nothing': /Expected values to be strictly deep-equal/,
  'no error shows a secret': /an error shows a secret/,
}

for (const [name, connector] of Object.entries(broken))
  test(`a connector that breaks it is found: ${name}`, async () => {
    await assert.rejects(sourceChecks[name]!(shopCase({ connector })), { message: complaints[name]! })
  })

test('a connector that takes a 429 for an answer is found', async () => {
  const impatient = withCheck(async (_, { network, signal }) => {
    const headers = { authorization: 'Bearer good' }
    const answer = await network.send({ url: 'https://shop.example/orders', method: 'GET', headers, signal })
    answer.close()
    if (answer.status !== 200) throw new Error(`The shop answers ${answer.status}.`)
    return 'Fine.'
  })
  await assert.rejects(sourceChecks['a check finds what is there']!(shopCase({ connector: impatient })), /answers 429/)
})

test('each check of sources has its broken connector', () => {
  assert.deepEqual(Object.keys(broken), Object.keys(sourceChecks))
})

/** A destination that holds rows in memory. `faults` are the rules it breaks. */
function boxCase(faults: { readonly forgetsParts?: boolean; readonly keepsAbandoned?: boolean } = {}): DestinationCase {
  const parts = new Map<string, number>()
  let held = 0
  const pending = new Set<string>()
  const open = async (
    _settings: unknown,
    _around: Surroundings,
    { run, columns }: { run: string; columns: readonly EngineColumn[] },
  ) => {
    let written = 0
    const writer: Writer = {
      takes: 'rows',
      columns,
      into: { parts: ['box'] },
      write: async (batch) => {
        pending.add(run)
        written += 'rows' in batch ? batch.rows.length : 0
      },
      commit: async ({ id }) => {
        pending.delete(run)
        const duplicate = parts.has(id) && faults.forgetsParts !== true
        if (!duplicate) held += written
        parts.set(id, written)
        return { rows: written, bytes: 0, duplicate }
      },
      abandon: async () => {
        if (faults.keepsAbandoned !== true) pending.delete(run)
      },
    }
    return writer
  }
  const connector = defineConnector({
    type: 'box',
    title: 'Box',
    category: 'files',
    about: 'Holds rows.',
    proven: 'this test',
    destination: {
      settings: z.strictObject({}),
      delivery: 'exactly once',
      because: 'It remembers parts.',
      load: async () => ({ open }),
    },
  })
  return {
    connector,
    config: {},
    around: {} as Surroundings,
    columns: [{ name: 'id', type: 'Int64' }],
    load: async (writer, id, commit) => {
      assert.ok('write' in writer)
      await writer.write({ rows: [{ id: 1 }, { id: 2 }] })
      return commit ? await writer.commit({ id }) : { rows: 0, duplicate: false }
    },
    count: async () => held,
    leftovers: async () => [...pending],
  }
}

const brokenWriters: Readonly<Record<string, DestinationCase>> = {
  'a part is loaded once per id, however often it comes': boxCase({ forgetsParts: true }),
  'a load that is abandoned leaves nothing': boxCase({ keepsAbandoned: true }),
}

for (const [name, check] of Object.entries(writerChecks)) {
  test(`a destination that takes batches: ${name}`, () => check(boxCase()))
  test(`a destination that breaks it is found: ${name}`, () => assert.rejects(check(brokenWriters[name]!)))
}
