import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { readConfig, refuseUnknownSettings, settingWarnings } from './server-settings.ts'

const wrong = (environment: Record<string, string>) => {
  try {
    readConfig(environment, '/home/x')
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing wrong'
}

test('without any variable everything is embedded and listens on loopback', () => {
  assert.deepEqual(readConfig({ MILLRACE_PORT: '' }, '/h'), {
    home: '/h',
    host: '127.0.0.1',
    port: 8000,
    adminToken: undefined,
    masterKey: undefined,
    masterKeyFile: undefined,
    demo: true,
    files: ['/h/files'],
    filesNamed: false,
    egress: undefined,
    durability: 'disk',
    databaseUrl: undefined,
    clickhouseUrl: undefined,
    smtpUrl: undefined,
    checkAnswers: false,
    logLevel: 'info',
  })
})

test('what is set is used', () => {
  const config = readConfig(
    {
      MILLRACE_PORT: '0',
      MILLRACE_DEMO: '0',
      MILLRACE_FILES: '/a:/b',
      MILLRACE_DURABILITY: 'process',
      BLOBS_URL: 'file:///h/blobs',
    },
    '/h',
  )
  assert.deepEqual([config.port, config.demo, config.files, config.durability], [0, false, ['/a', '/b'], 'process'])
})

test('a wrong setting is named with its value and what is expected', () => {
  assert.match(wrong({ MILLRACE_PORT: 'http' }), /MILLRACE_PORT is "http".*port number from 0 to 65535/)
  assert.match(wrong({ MILLRACE_PORT: '70000' }), /MILLRACE_PORT is "70000".*65535/)
  assert.match(wrong({ MILLRACE_DEMO: 'maybe' }), /MILLRACE_DEMO is "maybe".*(1 or 0)/)
  assert.match(wrong({ MILLRACE_ROLE: 'worker' }), /MILLRACE_ROLE is "worker".*"all"/)
})

test('a store that nothing speaks to is refused, not ignored, and its password is not shown', () => {
  const said = wrong({ DATABASE_URL: 'mysql://me:hunter2@db/x' })
  assert.match(said, /DATABASE_URL is "mysql:\/\/me:…@db\/x".*PostgreSQL address/)
  assert.doesNotMatch(said, /hunter2/)
  assert.match(wrong({ CLICKHOUSE_URL: 'x' }), /CLICKHOUSE_URL is "x".*HTTP address/)
  for (const name of [
    'KAFKA_BOOTSTRAP_SERVERS',
    'REDIS_URL',
    'S3_BUCKET',
    'HL7_API_URL',
    'MILLRACE_TLS_CERT',
    'MILLRACE_SMTP_URL',
    'MILLRACE_CORS_ORIGINS',
    'MILLRACE_MCP',
    'MONGODB_URL',
    'OPENLINEAGE_URL',
  ])
    assert.match(wrong({ [name]: 'x' }), new RegExp(`${name} is "x"`))
  assert.equal(wrong({ MILLRACE_MCP: '0' }), 'nothing wrong')
  assert.match(wrong({ BLOBS_URL: 's3://bucket' }), /BLOBS_URL is "s3:\/\/bucket"/)
})

test('the address of a mail server is checked, and its password is not shown', () => {
  for (const url of [
    'smtp://mail.example.com',
    'smtps://me:p%40ss@mail.example.com:465/',
    'smtp://[::1]:25?from=a@b.example',
  ])
    assert.equal(wrong({ MILLRACE_SMTP_URL: url }), 'nothing wrong', url)
  for (const url of [
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://me@mail.example.com',
    'smtp://a/b',
    'smtp://me:%E9@mail.example.com',
    'smtp://me:a%0D%0AQUIT@mail.example.com',
    'smtp://mail.example.com?from=a@b.example%0D%0ABcc:%20e@example.com',
  ])
    assert.match(wrong({ MILLRACE_SMTP_URL: url }), /MILLRACE_SMTP_URL is .*Use the address of a mail server/, url)
  assert.doesNotMatch(wrong({ MILLRACE_SMTP_URL: 'https://me:hunter2@mail.example.com' }), /hunter2/)
  assert.doesNotMatch(wrong({ MILLRACE_SMTP_URL: 'smtp://me:hunter2@a:99999999' }), /hunter2/)
})

test('a secret is not shown', () => {
  assert.doesNotMatch(wrong({ MILLRACE_ADMIN_TOKEN: 'two words' }), /two words/)
})

test('the key of an outside system that nothing speaks to is refused, and not shown', () => {
  for (const name of [
    'PASSPORT_API_KEY',
    'ENTERPRISE_HUB_API_KEY',
    'NINJA_API_KEY',
    'IMPACTOS_API_KEY',
    'HL7_API_KEY',
    'MILLRACE_TLS_KEY',
  ]) {
    const sentence = wrong({ [name]: 'hunter2' })
    assert.match(
      sentence,
      new RegExp(`^The setting ${name} is not valid; its value is a secret and not shown.*Unset the variable`),
    )
    assert.doesNotMatch(sentence, /hunter2/)
  }
})

test('an admin token under 8 characters is refused, and one under 16 starts with a warning; neither is shown', () => {
  const refusal = wrong({ MILLRACE_ADMIN_TOKEN: 'x7q' })
  assert.match(refusal, /MILLRACE_ADMIN_TOKEN is not valid; its value is a secret and not shown.*at least 8 characters/)
  assert.doesNotMatch(refusal, /x7q/)
  const [warning = ''] = settingWarnings({ MILLRACE_ADMIN_TOKEN: 'tooshort' })
  assert.match(warning, /MILLRACE_ADMIN_TOKEN has 8 characters.*16 or more/)
  assert.doesNotMatch(warning, /tooshort/)
  assert.deepEqual(settingWarnings({ MILLRACE_ADMIN_TOKEN: 'a-token-of-some-length' }), [])
})

test('MILLRACE_FILES without a folder in it is refused', () => {
  assert.match(wrong({ MILLRACE_FILES: ':' }), /MILLRACE_FILES is ":".*Use folders/)
})

test('a master key that is no key is refused and not shown; the name of a key file is shown', () => {
  const refusal = wrong({ MILLRACE_MASTER_KEY: 'hunter2' })
  assert.match(
    refusal,
    /MILLRACE_MASTER_KEY is not valid; its value is a secret and not shown.*32 random bytes as base64 or hex/,
  )
  assert.doesNotMatch(refusal, /hunter2/)
  const key = randomBytes(32).toString('base64')
  assert.equal(wrong({ MILLRACE_MASTER_KEY: key }), 'nothing wrong')
  assert.match(wrong({ MILLRACE_MASTER_KEY: key, MILLRACE_MASTER_KEY_FILE: '/x' }), /are both set/)
})

test('all wrong settings are reported together', () => {
  assert.equal(wrong({ MILLRACE_PORT: 'x', MILLRACE_DEMO: 'y' }).split('\n').length, 2)
})

test('an unknown MILLRACE_ name is refused together with the name that was probably meant', () => {
  const refusal = (environment: Record<string, string>) => {
    try {
      refuseUnknownSettings(environment, ['MILLRACE_SHELF_SIZE'])
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`
    }
    return undefined
  }
  assert.equal(
    refusal({ MILLRACE_PROT: '1', PATH: '/', MILLRACE_PORT: '1', SHELF: '1' }),
    'WrongSetting: There is no setting "MILLRACE_PROT". Did you mean "MILLRACE_PORT"?',
  )
  assert.match(refusal({ MILLRACE_QWXZJVKW: '1' }) ?? '', /no setting "MILLRACE_QWXZJVKW". Unset the variable/)
  for (const name of ['MILLRACE_URL', 'MILLRACE_TOKEN', 'MILLRACE_TEST_LONG', 'MILLRACE_SHELF_SIZE', 'MILLRACE_ROLE'])
    assert.equal(refusal({ [name]: '1' }), undefined, name)
})
