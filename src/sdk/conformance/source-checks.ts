/** What every source keeps, each check as a function that rejects with what is broken. */
import assert from 'node:assert/strict'
import { z } from 'zod'
import { isMillraceError } from '#core/errors'
import { parseJsonValue } from '#core/parse-json'
import { linesOf, maxBatchBytes } from '../batches.ts'
import type { Batch } from '../batches.ts'
import type { Connector, ReadFrom } from '../connector.ts'
import { diagnosisOf, failureOf } from '../failure.ts'
import { noSettings, sideSettings } from '../inline-settings.ts'
import { schemaFaults } from '../secrets/schema-faults.ts'
import { settingsSchema } from '../settings.ts'
import type { Surroundings } from '../surroundings.ts'

/** How a connector is tried out. */
export interface SourceCase {
  readonly connector: Connector
  /** As a pipeline gives it. */
  readonly config: Readonly<Record<string, unknown>>
  readonly around: Surroundings
  /** Which must not be found in any error. */
  readonly secrets?: readonly string[]
  /** Settings with which the server refuses the credentials, and with which it is not there. */
  readonly badCredentials?: Readonly<Record<string, unknown>>
  readonly unreachable?: Readonly<Record<string, unknown>>
  /** Where records come as batches: all of them, as JSON. */
  readonly records?: readonly string[]
  /** Makes the server break the connection once, in the middle of what it sends next. */
  readonly breakOnce?: () => void
}

type Check = (given: SourceCase) => Promise<void>

export const sourceChecks: Readonly<Record<string, Check>> = {
  'the spec is whole: its names, its modes, and code for what it declares': async ({ connector }) => {
    const { type, title, about, proven, source, connection, streams } = connector
    assert.match(type, /^[a-z][a-z0-9_]*$/)
    for (const text of [title, about, proven])
      assert.ok(text.trim() !== '', 'title, about and proven must not be empty')
    assert.ok(source !== undefined && source.modes.length > 0, 'a source has at least one mode')
    assert.equal(
      source.modes.includes('incremental'),
      source.resumes !== undefined,
      '"incremental" and "resumes" go together',
    )
    assert.equal(typeof (await source.load()).read, 'function')
    if (connection !== undefined) assert.equal(typeof (await connection.load()).check, 'function')
    if (streams !== undefined) assert.equal(typeof (await streams.load()).streams, 'function')
  },

  'the form can be made: every setting has a title or is described, and every secret is found': async ({
    connector,
  }) => {
    const settings = sideSettings(connector, 'source')
    assert.ok(settings !== undefined)
    assert.deepEqual(schemaFaults(settings), [])
    const { properties } = settingsSchema(settings) as { properties?: Record<string, { title?: string }> }
    for (const [name, field] of Object.entries(properties ?? {})) assert.ok(field.title, `"${name}" has no title`)
  },

  'a check finds what is there': async (given) => {
    const { connector, around } = given
    const { check } = await connector.source!.load()
    if (check !== undefined) assert.match(await check(settingsOf(given), around), /\S/)
    if (connector.connection === undefined) return
    const code = await connector.connection.load()
    assert.match(await code.check(connectionOf(given), around), /\S/)
  },

  'a check says that the credentials are wrong': async (given) => {
    if (given.badCredentials === undefined) return
    const failure = await failureOfCheck({ ...given, config: { ...given.config, ...given.badCredentials } })
    assert.equal(failure.kind, 'credentials')
  },

  'a check says that the server is not there': async (given) => {
    if (given.unreachable === undefined) return
    const failure = await failureOfCheck({ ...given, config: { ...given.config, ...given.unreachable } })
    assert.equal(failure.kind, 'transient')
  },

  'each stream that is listed can be read': async (given) => {
    const { connector, around } = given
    if (connector.streams === undefined) return
    const { streams } = await connector.streams.load()
    const found = await streams(connectionOf(given), around)
    assert.equal(new Set(found.map(({ name }) => name)).size, found.length, 'names of streams are unique')
    for (const { name, config, columns, modes } of found) {
      assert.ok(
        modes.every((mode) => connector.source!.modes.includes(mode)),
        `"${name}" has a mode its source has not`,
      )
      const one = { ...given, config: { ...connectionConfig(given), ...config } }
      const reading = await readingOf(one, {})
      if (columns === undefined || reading.by === 'batches') continue
      assert.deepEqual(
        reading.columns.map((column) => column.name),
        columns.map((column) => column.name),
        name,
      )
    }
  },

  'batches are bounded in bytes': async (given) => {
    for (const batch of await batchesOf(given, {})) {
      const bytes = [...linesOf(batch, Infinity)].flat().reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
      assert.ok(bytes <= maxBatchBytes, `a batch has ${bytes} bytes`)
    }
  },

  'the kind of reading is the one that is declared': async (given) => {
    assert.equal((await readingOf(given, {})).by, given.connector.source!.reads)
  },

  'every value comes as it is': async (given) => {
    if (given.records === undefined) return
    assert.deepEqual(linesIn(await batchesOf(given, {})), given.records)
  },

  'resuming from each captured state loses nothing and doubles nothing': async (given) => {
    const { resumes } = given.connector.source!
    if (resumes === undefined) return
    assert.notEqual(resumes(settingsOf(given)), undefined, 'the configuration must ask for incremental reading')
    const all = await batchesOf(given, {})
    assert.ok(
      all.some(({ state }) => state !== undefined),
      'no batch has a state',
    )
    assert.notEqual(all.at(-1)?.state, undefined, 'the last batch has no state')
    for (const [index, { state }] of all.entries()) {
      if (state === undefined) continue
      const stored = parseJsonValue(JSON.stringify(state)) as unknown
      const rest = linesIn(await batchesOf(given, { state: stored }))
      assert.deepEqual(
        [...linesIn(all.slice(0, index + 1)), ...rest],
        linesIn(all),
        `from the state of batch ${index + 1}`,
      )
    }
  },

  'a connection that breaks loses nothing': async (given) => {
    if (given.breakOnce === undefined) return
    const all = linesIn(await batchesOf(given, {}))
    given.breakOnce()
    const found: string[] = []
    let state: unknown
    for (let tries = 0; ; tries += 1) {
      try {
        for await (const batch of await iterate(given, state === undefined ? {} : { state })) {
          found.push(...linesIn([batch]))
          state = batch.state ?? state
        }
        break
      } catch (error) {
        assert.equal(failureOf(error)?.kind, 'transient', String(error))
        assert.ok(tries < 3, 'it does not come back')
        if (given.connector.source!.resumes === undefined) found.length = 0
      }
    }
    assert.deepEqual(found, all)
  },

  'no error shows a secret': async (given) => {
    for (const change of [given.badCredentials, given.unreachable]) {
      if (change === undefined) continue
      const broken = { ...given, config: { ...given.config, ...change } }
      const errors = await Promise.all([errorOf(() => failingCheck(broken)), errorOf(() => batchesOf(broken, {}))])
      for (const error of errors)
        for (const secret of given.secrets ?? []) assert.ok(!said(error).includes(secret), 'an error shows a secret')
    }
  },
}

function settingsOf({ connector, config }: SourceCase): unknown {
  return (sideSettings(connector, 'source') as z.ZodType).parse(config)
}

function connectionConfig({ connector, config }: SourceCase): Record<string, unknown> {
  const { settings } = connector.connection ?? { settings: noSettings }
  const names = settings instanceof z.ZodObject ? Object.keys(settings.shape) : []
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)))
}

function connectionOf(given: SourceCase): unknown {
  return (given.connector.connection?.settings ?? noSettings).parse(connectionConfig(given))
}

async function readingOf(given: SourceCase, from: ReadFrom) {
  const { read } = await given.connector.source!.load()
  return await read(settingsOf(given), given.around, from)
}

async function iterate(given: SourceCase, from: ReadFrom): Promise<AsyncIterable<Batch>> {
  const reading = await readingOf(given, from)
  return reading.by === 'batches' ? reading.batches(given.around.signal) : (async function* () {})()
}

async function batchesOf(given: SourceCase, from: ReadFrom): Promise<readonly Batch[]> {
  const all: Batch[] = []
  for await (const batch of await iterate(given, from)) all.push(batch)
  return all
}

function linesIn(batches: readonly Batch[]): readonly string[] {
  return batches.flatMap((batch) => [...linesOf(batch, Infinity)].flat())
}

async function failingCheck(given: SourceCase): Promise<void> {
  const { connector, around } = given
  if (connector.connection !== undefined) await (await connector.connection.load()).check(connectionOf(given), around)
  else await (await connector.source!.load()).check?.(settingsOf(given), around)
}

async function failureOfCheck(given: SourceCase) {
  const error = await errorOf(() => failingCheck(given))
  assert.ok(isMillraceError(error), `the check must fail with an error of a catalogue, not with ${String(error)}`)
  const diagnosis = diagnosisOf(error)
  assert.ok(diagnosis !== undefined && diagnosis.remedy !== '')
  return diagnosis
}

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  return undefined
}

function said(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}` : String(error)
}
