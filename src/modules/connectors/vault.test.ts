import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openVault } from './vault.ts'

test('a secret opens where it was sealed for and nowhere else, also after a restart', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-vault-'))
  const vault = await openVault(home)
  const sealed = vault.seal('hunter2', 'default/1/source.password')
  assert.ok(!sealed.includes('hunter2'))
  assert.equal((await openVault(home)).unseal(sealed, 'default/1/source.password'), 'hunter2')
  assert.throws(() => vault.unseal(sealed, 'other/1/source.password'))
  assert.equal((await stat(join(home, 'secrets.key'))).mode & 0o777, 0o600)
  await rm(home, { recursive: true })
})
