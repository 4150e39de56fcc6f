import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { keyOf, parseKey } from './key.ts'
import { openVault, vaultOf } from './vault.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-vault-'))
})
after(() => rm(folder, { recursive: true }))

const place = 'default/1/source.password'
const newKey = () => keyOf(randomBytes(32))

test('a secret opens where it was sealed for and nowhere else, also after a restart', async () => {
  const home = join(folder, 'own')
  const vault = await openVault({ home })
  const sealed = vault.seal('hunter2', place)
  assert.ok(!sealed.includes('hunter2'))
  assert.equal((await openVault({ home })).unseal(sealed, place), 'hunter2')
  assert.throws(() => vault.unseal(sealed, 'other/1/source.password'), { code: 'kernel.brokenSeal' })
  assert.equal((await stat(join(home, 'secrets.key'))).mode & 0o777, 0o600)
})

test('any text opens as it was sealed, and a seal with one character changed does not open', () => {
  const vault = vaultOf(newKey())
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.nat(), (secret, where, seed) => {
      const sealed = vault.seal(secret, where)
      assert.equal(vault.unseal(sealed, where), secret)
      const [form, id, text = ''] = sealed.split('.')
      const bytes = Buffer.from(text, 'base64')
      bytes[seed % bytes.length]! ^= 1
      assert.throws(() => vault.unseal([form, id, bytes.toString('base64')].join('.'), where))
    }),
  )
})

test('a seal of an earlier version, which names no key, opens with the key of its home', async () => {
  const home = join(folder, 'earlier')
  const sealed = 'AAECAwQFBgcICQoLkkn/jU1wpoZFrAV7uZCQQS93uG+gl/A='
  const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64')
  await openVault({ home })
  await writeFile(join(home, 'secrets.key'), key)
  assert.equal((await openVault({ home })).unseal(sealed, place), 'hunter2')
  const mastered = await openVault({ home, masterKey: newKey() })
  assert.equal(mastered.unseal(sealed, place), 'hunter2')
  assert.throws(() => vaultOf(newKey()).unseal(sealed, place), { code: 'kernel.brokenSeal' })
})

test('servers with the same master key open what the others sealed; the key of the home still opens its own', async () => {
  const masterKey = newKey()
  const [one, two] = [join(folder, 'one'), join(folder, 'two')]
  const earlier = (await openVault({ home: one })).seal('before', place)
  const first = await openVault({ home: one, masterKey })
  const second = await openVault({ home: two, masterKey })
  assert.equal(second.unseal(first.seal('shared', place), place), 'shared')
  assert.equal(first.unseal(earlier, place), 'before')
  await assert.rejects(stat(join(two, 'secrets.key')), { code: 'ENOENT' })
})

test('a wrong master key is refused by the id of the key that is missing, never by the key', async () => {
  const [right, wrong] = [newKey(), newKey()]
  const sealed = vaultOf(right).seal('hunter2', place)
  assert.throws(
    () => vaultOf(wrong).unseal(sealed, place),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'kernel.unknownKey')
      assert.match(error.message, new RegExp(`"${right.id}".*${wrong.id}`))
      for (const key of [right, wrong])
        for (const encoding of ['base64', 'hex'] as const)
          assert.ok(!error.message.includes(key.bytes.toString(encoding)))
      return true
    },
  )
})

test('a key is 32 random bytes as base64, base64url or hex; a pattern is no key', () => {
  const bytes = randomBytes(32)
  for (const text of [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    `${bytes.toString('base64')}\n`,
  ])
    assert.equal(parseKey(text)?.id, keyOf(bytes).id, text)
  for (const text of [
    '',
    'secret',
    'a'.repeat(64),
    Buffer.alloc(32, 7).toString('base64'),
    'AQID'.repeat(10) + 'AQI=',
    randomBytes(16).toString('base64'),
    randomBytes(48).toString('base64'),
    `${bytes.toString('hex')}00`,
  ])
    assert.equal(parseKey(text), undefined, text)
})

test('a master key file that is missing or holds no key is refused by its name', async () => {
  const home = join(folder, 'file')
  const file = join(folder, 'master')
  await assert.rejects(
    openVault({ home, masterKeyFile: file }),
    /MILLRACE_MASTER_KEY_FILE is ".*master", which cannot be read \(ENOENT\)/,
  )
  await writeFile(file, 'hunter2hunter2')
  await assert.rejects(openVault({ home, masterKeyFile: file }), (error: Error) => {
    assert.match(error.message, /which holds no key. Name a file that holds 32 random bytes/)
    assert.doesNotMatch(error.message, /hunter2/)
    return true
  })
  await writeFile(file, `${randomBytes(32).toString('hex')}\n`)
  await openVault({ home, masterKeyFile: file })
})

test('a damaged key of the home is refused and not replaced', async () => {
  const home = join(folder, 'damaged')
  await openVault({ home })
  await writeFile(join(home, 'secrets.key'), 'half')
  await assert.rejects(openVault({ home }), /secrets.key" is damaged/)
  assert.equal(await readFile(join(home, 'secrets.key'), 'utf8'), 'half')
})
