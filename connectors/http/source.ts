import { batchesOf, countText, httpClient, httpFailures, pagesOf, recordsOf } from '#sdk'
import type { Batch, BatchReading, HttpAuth, HttpClient, Surroundings } from '#sdk'
import { isWithin } from './path.ts'
import { streamSettings } from './settings.ts'
import type { HttpConnection, HttpSettings } from './settings.ts'

export async function read(settings: HttpSettings, around: Surroundings): Promise<BatchReading> {
  return { by: 'batches', batches: (signal) => batches(settings, { ...around, signal }) }
}

export async function check(settings: HttpConnection | HttpSettings, around: Surroundings): Promise<string> {
  const whole = 'records' in settings ? settings : { ...settings, ...streamSettings.parse({}) }
  const { pagination } = whole
  for await (const { rows } of pagesOf(clientOf(whole, around, 1), { ...request(whole), pagination }))
    return `The first page has ${countText(rows.length, 'record')}.`
  return 'There are no records.'
}

async function* batches(settings: HttpSettings, around: Surroundings): AsyncGenerator<Batch> {
  const client = clientOf(settings, around)
  const { pagination, records } = settings
  if (pagination.type === 'none') {
    yield* batchesOf(recordsOf(await client.stream(request(settings)), { records }))
    return
  }
  for await (const { rows } of pagesOf(client, { ...request(settings), pagination })) yield* batchesOf(rows)
}

function clientOf(settings: HttpSettings, around: Surroundings, attempts = 4): HttpClient {
  const { url, headers, timeoutSeconds, maxMegabytes } = settings
  return httpClient(around, {
    baseUrl: url,
    headers,
    auth: authOf(settings),
    timeoutMs: timeoutSeconds * 1000,
    maxBytes: maxMegabytes * 1_000_000,
    retry: { attempts },
  })
}

function authOf({ token, user, password = '' }: HttpConnection): HttpAuth | undefined {
  if (token !== undefined) return { type: 'bearer', token }
  return user === undefined ? undefined : { type: 'basic', user, password }
}

function request({ url, path, method, body, records }: HttpSettings) {
  if (path === undefined) return { url, method, body, records }
  const target = new URL(path, url)
  if (!isWithin(path) || target.origin !== new URL(url).origin) throw httpFailures.outside({ path })
  return { url: target.href, method, body, records }
}
