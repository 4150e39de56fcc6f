import type { BatchReading, Surroundings } from '#sdk'
import { fetchPages } from './pages.ts'
import { streamSettings } from './settings.ts'
import type { HttpConnection, HttpSettings } from './settings.ts'

export async function read(settings: HttpSettings, around: Surroundings): Promise<BatchReading> {
  return { by: 'batches', batches: (signal) => fetchPages(settings, around, signal) }
}

export async function check(settings: HttpConnection | HttpSettings, around: Surroundings): Promise<string> {
  const whole = 'records' in settings ? settings : { ...settings, ...streamSettings.parse({}) }
  for await (const batch of fetchPages(whole, around, around.signal))
    return `The first page has ${batch.rows.length} records.`
  return 'There are no records.'
}
