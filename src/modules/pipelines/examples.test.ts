/** The examples that the catalogues of steps and rules show work unchanged. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'
import { rules } from './quality/catalogue.ts'
import { steps } from './steps/catalogue.ts'

const header = 'id,order_id,cust,email,status,region,amount,quantity,internal_note'
const good = '1,1,ann,ann@example.com,active,north,12.5,2,x'

let house: House
before(async () => {
  house = await openHouse()
  await house.file('orders.csv', [header, good, '3,3,cy,cy@example.com,paid,north,7,1,'].join('\n'))
  await house.file('broken.csv', [header, good, ',1,bob,nobody,lost,south,100000000000,3,'].join('\n'))
})
after(() => house.close())

const source = (path: string) => ({ type: 'file', config: { path } })

for (const { type, example } of steps) {
  test(`the example of the step "${type}" gives rows`, async () => {
    const transformations = [{ type, config: example }]
    const { status, body } = await house.call('POST', '/api/v1/pipelines/preview', {
      source: source('orders.csv'),
      transformations,
    })
    assert.equal(status, 200, JSON.stringify(body))
    const [, step] = body.steps
    assert.deepEqual(step.problems ?? [], [])
    assert.ok(step.rowCount > 0, JSON.stringify(step))
  })
}

for (const { type, example } of rules) {
  test(`the example of the rule "${type}" finds the row that breaks it`, async () => {
    const quality = [{ ...example, severity: 'error' }]
    const name = `rule ${type}`
    const destination = { type: 'file', config: { path: `${type}.csv` } }
    const definition = { name, type: 'batch', source: source('broken.csv'), quality, destination }
    const made = await house.call('POST', '/api/v1/pipelines', definition)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const { body: run } = await house.call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=60s`)
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    assert.ok(run.rows.quarantined >= 1, JSON.stringify(run.rows))
  })
}
