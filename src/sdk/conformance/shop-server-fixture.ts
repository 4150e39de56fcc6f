/** For tests: the server of the shop. It answers 429 to the first request of each page and can break off. */
import { scriptedNetwork } from '../http/scripted-network-fixture.ts'
import type { Surroundings } from '../surroundings.ts'

export interface ShopServer {
  readonly around: Surroundings
  readonly breakOnce: () => void
}

export const records = [
  { id: '9007199254740993', price: '1.10', name: 'a "b"' },
  { id: '2', price: '-0.5', name: null },
  { id: '3', price: '1e3', name: 'ü' },
  { id: '4', price: '0', name: '' },
  { id: '5', price: '7', name: 'x' },
].map(({ id, price, name }) => `{"id":${id},"price":${price},"name":${JSON.stringify(name)}}`)

export function shopServer(): ShopServer {
  const seen = new Set<string>()
  let breaks = 0
  const { network, signal } = scriptedNetwork(({ url, headers }) => {
    const { host, searchParams, pathname } = new URL(url)
    if (host !== 'shop.example') throw Object.assign(new Error(`no way to ${url}`), { code: 'ECONNREFUSED' })
    if (!['Bearer good', 'Basic YW5uOmdvb2Q='].includes(headers['authorization'] ?? '')) return { status: 401 }
    if (!seen.has(url)) {
      seen.add(url)
      return { status: 429, headers: { 'retry-after': '0' } }
    }
    const from = Number(searchParams.get('after') ?? 0)
    if (breaks > 0 && from > 0) {
      breaks -= 1
      return { body: ['{"items":[', new Error('reset')] }
    }
    const items = records.slice(from, from + 2)
    return {
      body: `{"items":[${items.join(',')}],"next":${JSON.stringify(items.length === 0 ? null : `${pathname}?after=${from + items.length}`)}}`,
    }
  })
  return {
    around: { workspace: 'default', signal, network } as unknown as Surroundings,
    breakOnce: () => void (breaks = 5),
  }
}
