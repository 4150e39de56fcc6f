import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { egress } from './egress.ts'

const names: Readonly<Record<string, readonly string[]>> = {
  'api.example.com': ['93.184.216.34'],
  'inner.example.com': ['10.0.0.7'],
  'rebind.example.com': ['93.184.216.34', '127.0.0.1'],
  localhost: ['127.0.0.1'],
}
const resolve = async (host: string) => names[host] ?? []
const allowed = (setting: string | undefined, host: string) => egress(setting, resolve).address(host)
const refused = (setting: string | undefined, host: string) =>
  assert.rejects(
    allowed(setting, host),
    (error) => isMillraceError(error) && error.code === 'connectors.forbidden_address',
    `${host} under ${setting}`,
  )

test('a name that does not resolve is a fault of the settings', async () => {
  await assert.rejects(allowed(undefined, 'nowhere.example.com'), { code: 'connectors.unresolved', kind: 'invalid' })
})

test('public addresses are reached, private ones only when listed', async () => {
  assert.equal(await allowed(undefined, 'api.example.com'), '93.184.216.34')
  for (const host of [
    'localhost',
    'inner.example.com',
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fd00::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    // The same places in other clothes.
    '::ffff:0:127.0.0.1',
    '0::7f00:1',
    '0:0:0:0:0:ffff:7f00:1',
    '0000::FFFF:10.0.0.1',
    '::1%lo',
    'fe80::1%eth0',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    '127.0.0.1.',
    '168.63.129.16',
  ]) {
    await refused(undefined, host)
  }
  assert.equal(await allowed('127.0.0.0/8', 'localhost'), '127.0.0.1')
  assert.equal(await allowed('10.0.0.0/24, public', 'inner.example.com'), '10.0.0.7')
  assert.equal(await allowed('localhost', 'localhost'), '127.0.0.1')
})

test('one address that is not allowed spoils the name', () => refused(undefined, 'rebind.example.com'))

test('a list of names lets nothing else through', async () => {
  assert.equal(await allowed('*.example.com', 'api.example.com'), '93.184.216.34')
  await refused('*.example.com', '93.184.216.34')
  await refused('127.0.0.1', 'api.example.com')
})

test('"*" opens private networks, not where a cloud keeps its credentials', async () => {
  assert.equal(await allowed('*', 'inner.example.com'), '10.0.0.7')
  for (const address of ['169.254.169.254', '::ffff:169.254.169.254', '0:0::ffff:a9fe:a9fe', 'fd00:ec2:0::254'])
    await assert.rejects(egress('*', async () => [address]).address('metadata.example.com'), address)
})

test('numbers that the system takes for an address are looked up, and what they lead to is checked', async () => {
  for (const host of ['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0'])
    await assert.rejects(egress(undefined).address(host), (error) => isMillraceError(error), host)
})

test('a host without an address and a setting that makes no sense are named', async () => {
  await assert.rejects(allowed(undefined, 'nowhere.test'), /"nowhere.test" has no address/)
  assert.throws(() => egress('10.0.0.0/99', resolve), /10.0.0.0\/99/)
  assert.throws(() => egress('not a host!', resolve), /MILLRACE_EGRESS/)
})
