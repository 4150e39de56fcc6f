import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { migrate } from '#kernel/migrations'
import { pgliteMetadata } from '#adapters/pglite'
import { may, mayInDefinition, principalOf } from '#core/actor'
import { actorOf } from './principals.ts'
import { sessionActor, sessionTable } from './sessions.ts'
import { tokenActor, tokenTable } from './tokens.ts'
import type { TokenRow } from './tokens.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-identity-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
after(async () => {
  await metadata.close()
  await rm(home, { recursive: true, force: true })
})
const folder = new URL('./migrations/', import.meta.url)
const earlier = join(home, 'migrations')
await mkdir(earlier)
await copyFile(new URL('0001-identity.sql', folder), join(earlier, '0001-identity.sql'))
await migrate(metadata, [{ name: 'identity', migrations: pathToFileURL(`${earlier}/`) }])
const { system } = metadata
await system.query(`insert into identity.workspace (id, title, demo) values ('default', 'Default', false)`)
const stored = {
  all: '"all"',
  reader: '["pipelines.read", "datasets.read"]',
  writer: '["pipelines.read", "pipelines.write", "datasets.read"]',
  metrics: '["metrics.write"]',
  display: '["dashboards.read"]',
  sender: '["streams.write"]',
}
for (const [id, permissions] of Object.entries(stored))
  await system.query(
    `insert into identity.token (workspace, id, name, hash, permissions, created_by) values ('default', $1, $1, 'hash of ' || $1, $2, 'admin')`,
    [id, permissions],
  )
await system.query(
  `insert into identity.session (hash, workspace, name, permissions, everywhere, token_workspace, token_id, expires_at)
   select 'session of ' || id, workspace, name, permissions, false, workspace, id, now() + interval '1 day' from identity.token`,
)
await migrate(metadata, [{ name: 'identity', migrations: folder }])
const tokens = tokenTable(metadata, () => assert.fail())

test('a token made before keeps what its definitions could use, and nothing more by itself', async () => {
  const kept = Object.fromEntries(
    (await tokens.list('default', { limit: 100, after: undefined })).map((row) => [
      row.id,
      [...row.definition_permissions].toSorted(),
    ]),
  )
  assert.deepEqual(kept, {
    all: [],
    reader: [],
    writer: ['connectors.use', 'datasets.write', 'explore.query', 'streams.read'],
    metrics: ['datasets.read'],
    display: ['metrics.read'],
    sender: [],
  })
  const row = (await tokens.findByDigest('hash of writer')) as TokenRow
  assert.deepEqual(row.permissions, JSON.parse(stored.writer))
  const actor = tokenActor(row)
  assert.equal(may(actor, 'explore.query'), false)
  assert.equal(mayInDefinition(actor, 'explore.query'), true)
})

test('a session has the rights of its token, and what it makes belongs to the token', async () => {
  const sessions = sessionTable(metadata, 60)
  const { rows } = await system.query<{ definition_permissions: unknown }>(
    `select definition_permissions from identity.session where token_id = 'display'`,
  )
  assert.deepEqual(rows[0]?.definition_permissions, ['metrics.read'])
  const secret = await sessions.fromToken((await tokens.findByDigest('hash of display')) as TokenRow)
  const actor = sessionActor((await sessions.find(secret)) as never)
  assert.equal(mayInDefinition(actor, 'metrics.read'), true)
  assert.deepEqual(principalOf(actor), { kind: 'token', id: 'display', name: 'display' })
  assert.equal((await actorOf(tokens, 'default', principalOf(actor)))?.id, 'display')
  await tokens.revoke('default', 'display')
  assert.equal(await actorOf(tokens, 'default', principalOf(actor)), undefined)
})

test('what a person behind a sign-in link makes belongs to whoever runs the server', async () => {
  const sessions = sessionTable(metadata, 60)
  const actor = sessionActor(
    (await sessions.find(await sessions.fromCode(await sessions.makeCode('default')))) as never,
  )
  const owner = principalOf(actor)
  assert.deepEqual(owner, { kind: 'person', id: 'owner', name: 'Owner' })
  assert.equal((await actorOf(tokens, 'other', owner))?.permissions, 'all')
  assert.equal(await actorOf(tokens, 'default', { ...owner, id: 'somebody' }), undefined)
})
