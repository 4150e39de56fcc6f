import { batchesOf, httpClient, pagesOf, recordsOf } from '#sdk'
import type { Batch, BatchReading, HttpClient, Surroundings } from '#sdk'
import { streamSettings } from './settings.ts'
import type { HttpConnection, HttpSettings } from './settings.ts'

export async function read(settings: HttpSettings, around: Surroundings): Promise<BatchReading> {
  return { by: 'batches', batches: (signal) => batches(settings, { ...around, signal }) }
}

export async function check(settings: HttpConnection | HttpSettings, around: Surroundings): Promise<string> {
  const whole = 'records' in settings ? settings : { ...settings, ...streamSettings.parse({}) }
  const { pagination } = whole
  for await (const { rows } of pagesOf(clientOf(whole, around, 1), { ...request(whole), pagination }))
    return `The first page has ${rows.length} records.`
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
  const { url, headers, token, timeoutSeconds, maxMegabytes } = settings
  return httpClient(around, {
    baseUrl: url,
    headers,
    ...(token === undefined ? {} : { auth: { type: 'bearer', token } }),
    timeoutMs: timeoutSeconds * 1000,
    maxBytes: maxMegabytes * 1_000_000,
    retry: { attempts },
  })
}

function request({ url, path, method, body, records }: HttpSettings) {
  return { url: path === undefined ? url : new URL(path, url).href, method, body, records }
}
