/** Fills a workspace so that every list of the API has at least two items. */
import assert from 'node:assert/strict'

// `any`: bodies differ by route
export type Send = (method: string, path: string, body?: object) => Promise<{ status: number; body: any }>

export const csv = 'id,email\n1,ann@example.com\n2,nobody\n3,also nobody\n'

/** `writeFile` puts a file into the folder of MILLRACE_FILES. */
export async function fill(send: Send, writeFile: (path: string, content: string) => Promise<unknown>): Promise<void> {
  const made = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const answer = await send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as Record<string, unknown>
  }
  const event = (at: string, region: string, amount: number | string) => ({ ordered_at: at, region, amount })
  for (const stream of ['orders', 'returns']) {
    const path = `/api/v1/streams/${stream}/events`
    await made('POST', path, [
      event('2026-11-01T08:00:00Z', 'north', 12.5),
      event('2026-11-01T09:00:00Z', 'south', 7.25),
      event('2026-11-02T09:30:00Z', 'north', 30.75),
    ])
    await made('POST', path, [
      event('2026-11-03T10:00:00Z', 'west', 1.5),
      event('not a time', 'west', 1),
      event('2026-11-03T11:00:00Z', 'west', 'a lot'),
    ])
  }
  const tags = ['dimension']
  for (const name of ['orders', 'returns']) {
    const dataset = (await made('GET', `/api/v1/datasets/${name}`)) as { columns: { name: string; tags: string[] }[] }
    const columns = dataset.columns.map((column) => (column.name === 'region' ? { ...column, tags } : column))
    await made('PUT', `/api/v1/datasets/${name}`, { ...dataset, columns })
  }
  for (const [code, name] of [
    ['SAL.REV', 'Revenue'],
    ['SAL.RET', 'Returns'],
  ] as const) {
    const definition = {
      code,
      name,
      dataset: code === 'SAL.REV' ? 'orders' : 'returns',
      time: 'ordered_at',
      measure: { type: 'sum', expression: 'amount' },
      dimensions: ['region'],
    }
    await made('POST', '/api/v1/metrics', definition)
    await made('PUT', `/api/v1/metrics/${code}`, { ...definition, unit: 'EUR' })
  }
  for (const name of ['sales', 'support']) {
    const dashboard = { name, title: name, tiles: [{ metric: 'SAL.REV' }] }
    const { id } = await made('POST', '/api/v1/dashboards', dashboard)
    await made('PUT', `/api/v1/dashboards/${String(id)}`, { ...dashboard, title: `${name}, all regions` })
  }
  await writeFile('people.csv', csv)
  await writeFile('customers.csv', 'id,status\n1,active\n2,gone\n')
  for (const name of ['people', 'people to a file']) {
    const pipeline = {
      name,
      type: 'batch',
      source: { type: 'file', config: { path: 'people.csv' } },
      quality: [{ type: 'format', field: 'email', condition: 'valid_email', severity: 'error' }],
      destination:
        name === 'people'
          ? { type: 'dataset', config: { dataset: 'people', mode: 'merge', key: ['id'] } }
          : { type: 'file', config: { path: 'out.csv' } },
    }
    const { id } = await made('POST', '/api/v1/pipelines', pipeline)
    await made('PUT', `/api/v1/pipelines/${String(id)}`, { ...pipeline, type: 'batch' })
    for (const run of [1, 2]) {
      const { status, error } = await made('POST', `/api/v1/pipelines/${String(id)}/run?wait=60s`)
      assert.equal(status, 'succeeded', `run ${run} of "${name}": ${JSON.stringify(error)}`)
    }
  }
  for (const name of ['books', 'store']) {
    const settings = { host: 'db.example.com', database: name, user: 'reader', password: 'a-password' }
    await made('POST', '/api/v1/connections', { name, type: 'postgresql', settings })
    await made('PUT', `/api/v1/connections/${name}`, {
      name,
      type: 'postgresql',
      settings: { ...settings, port: 5433 },
    })
  }
  for (const to of ['ann@example.com', 'bob@example.com']) await made('POST', '/api/v1/mails/test', { to })
  for (const name of ['reader', 'writer']) await made('POST', '/api/v1/tokens', { name, permissions: ['metrics.read'] })
}
