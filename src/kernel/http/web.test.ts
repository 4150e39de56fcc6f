import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openHouse } from '../module/test-house.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-web-'))
const web = join(folder, 'web')
mkdirSync(join(web, 'assets'), { recursive: true })
writeFileSync(join(web, 'index.html'), '<!doctype html><title>The page</title>')
writeFileSync(join(web, 'mark.svg'), '<svg/>')
writeFileSync(join(web, 'assets', 'app-1a2b.js'), 'export {}')
writeFileSync(join(web, 'assets', 'app-1a2b.js.gz'), 'packed')
writeFileSync(join(folder, 'secret.txt'), 'secret')

let house: Awaited<ReturnType<typeof openHouse>>
before(async () => {
  house = await openHouse({ web })
})
after(async () => {
  await house.stop(100)
  rmSync(folder, { recursive: true, force: true })
})
const get = (path: string, headers = {}) => fetch(house.url + path, { redirect: 'manual', headers })

test('the root leads to the pages', async () => {
  assert.deepEqual(
    [(await get('/')).headers.get('location'), (await get('/app')).headers.get('location')],
    ['/app/', '/app/'],
  )
})

test('every address below /app/ is the one page, never kept, with a policy that forbids foreign scripts', async () => {
  for (const path of ['/app/', '/app/metrics/SAL.REV', '/app/datasets/orders?tab=rows', '/app/datasets/a%2Fb']) {
    const response = await get(path)
    assert.equal(response.status, 200, path)
    assert.match(await response.text(), /The page/)
    assert.equal(response.headers.get('cache-control'), 'no-cache')
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/)
  }
})

test('assets are kept for ever, packed where the browser takes it, and a missing one is no page', async () => {
  const asset = await get('/app/assets/app-1a2b.js', { 'accept-encoding': 'identity' })
  assert.deepEqual([asset.status, await asset.text()], [200, 'export {}'])
  assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
  assert.match(asset.headers.get('content-type') ?? '', /javascript/)
  const { headers } = await fetch(`${house.url}/app/assets/app-1a2b.js`, {
    method: 'HEAD',
    headers: { 'accept-encoding': 'gzip' },
  })
  assert.equal(headers.get('content-encoding'), 'gzip')
  const missing = await get('/app/assets/gone.js')
  assert.equal(missing.status, 404)
  assert.match(await missing.text(), /unknownPath/)
  assert.match((await get('/app/mark.svg')).headers.get('content-type') ?? '', /svg/)
})

test('nothing outside the folder is served', async () => {
  for (const path of [
    '/app/..%2Fsecret.txt',
    '/app/assets/..%2f..%2f..%2fsecret.txt',
    '/app/assets/%2e%2e/%2e%2e/secret.txt',
    '/app/%00',
  ]) {
    const response = await get(path)
    assert.doesNotMatch(await response.text(), /^secret/, path)
  }
})
