import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, strayVariables, weakSettings } from './config.ts'

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
    demo: true,
    files: ['/h/files'],
    egress: undefined,
    durability: 'disk',
    databaseUrl: undefined,
    clickhouseUrl: undefined,
    checkAnswers: false,
    logLevel: 'info',
  })
})

test('what is set is taken', () => {
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
  for (const name of ['KAFKA_BOOTSTRAP_SERVERS', 'REDIS_URL', 'S3_BUCKET', 'HL7_API_URL'])
    assert.match(wrong({ [name]: 'x' }), new RegExp(`${name} is "x"`))
  assert.match(wrong({ BLOBS_URL: 's3://bucket' }), /BLOBS_URL is "s3:\/\/bucket"/)
})

test('a secret is not shown', () => {
  assert.doesNotMatch(wrong({ MILLRACE_ADMIN_TOKEN: 'two words' }), /two words/)
})

test('a short admin token is taken, with a warning that does not show it', () => {
  const [warning = ''] = weakSettings(readConfig({ MILLRACE_ADMIN_TOKEN: 'short' }, '/home'))
  assert.match(warning, /fewer than 16/)
  assert.doesNotMatch(warning, /"short"/)
  assert.deepEqual(weakSettings(readConfig({ MILLRACE_ADMIN_TOKEN: 'a-token-of-some-length' }, '/home')), [])
})

test('all wrong settings are told together', () => {
  assert.equal(wrong({ MILLRACE_PORT: 'x', MILLRACE_DEMO: 'y' }).split('\n').length, 2)
})

test('a misspelt variable is pointed out', () => {
  assert.deepEqual(strayVariables({ MILLRACE_PROT: '1', PATH: '/', MILLRACE_PORT: '1', SHELF_SIZE: '1' }, []), [
    'There is no setting MILLRACE_PROT; it is ignored. Did you mean MILLRACE_PORT?',
  ])
})
