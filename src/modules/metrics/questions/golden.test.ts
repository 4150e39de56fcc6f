import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { warehousePositions as positions } from '#adapters/log-warehouse'
import { MetricDefinition } from '#core/metric'
import type { Dataset } from '#modules/datasets'
import { answer } from './answer.ts'
import { planQuestion } from './plan-question.ts'
import { createCellsSql, foldSql } from '../cells/cells.ts'
import { compileMetric } from '../definition/compile.ts'
import { foldRange } from '../cells/fold-insert.ts'
import type { ValuesQuestion } from '../index.ts'
import { questionSql } from './question-sql.ts'
import { makeViews, viewSql } from '../cells/views.ts'
import { fromOf, warehouseFixture, type WarehouseFixture } from '../warehouse-fixture.ts'

const folder = new URL('./golden/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))

let fixture: WarehouseFixture
let datasets: Readonly<Record<string, Dataset>>
before(async () => {
  fixture = await warehouseFixture()
  const orders = await fixture.makeDataset({
    name: 'orders',
    columns: [
      { name: 'ordered_at', type: 'timestamp' },
      { name: 'due', type: 'date' },
      { name: 'amount', type: 'decimal(12,2)' },
      { name: 'weight', type: 'number' },
      { name: 'customer', type: 'string' },
      { name: 'status', type: 'string' },
      { name: 'region', type: 'string' },
      { name: 'channel', type: 'string', nullable: false },
      { name: 'express', type: 'boolean' },
    ],
  })
  const stock = await fixture.makeDataset({
    name: 'stock',
    kind: 'table',
    columns: [
      { name: 'sku', type: 'string', nullable: false },
      { name: 'counted_at', type: 'timestamp' },
      { name: 'site', type: 'string' },
      { name: 'pieces', type: 'integer' },
      { name: 'weight', type: 'number' },
    ],
  })
  await fixture.append(
    orders,
    [
      {
        ordered_at: '2026-11-20T22:00:00Z',
        due: '2026-11-21',
        amount: '12.50',
        weight: 0.25,
        customer: 'Ada',
        status: 'paid',
        region: 'north',
        channel: 'web',
        express: true,
      },
    ],
    0n,
  )
  await fixture.append(
    stock,
    [{ sku: 'a', counted_at: '2026-11-20T22:00:00Z', site: 'turin', pieces: 3, weight: 1.5 }],
    0n,
  )
  datasets = { orders, stock }
})
after(() => fixture.close())

const first = positions.decode('1')

for (const name of names) {
  test(`${name} compiles to the SQL beside it, and the engine takes it`, async () => {
    const definition = MetricDefinition.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')))
    const result = compileMetric(definition, datasets[definition.dataset]!, fromOf(datasets[definition.dataset]!))
    assert.ok('metric' in result, JSON.stringify(result))
    const { metric } = result
    const cells = metric.folded
      ? { database: fixture.database, table: `cells_${name.replaceAll('-', '_')}` }
      : undefined
    const question: ValuesQuestion = {
      code: definition.code,
      period: 'day',
      zone: 'Europe/Berlin',
      from: Date.parse('2026-10-20'),
      to: Date.parse('2026-11-30'),
      by: definition.dimensions.slice(0, 1),
      ...(definition.dimensions.length > 0 && { filter: `${definition.dimensions[0]} is not null` }),
    }
    const sql = [
      ...(cells
        ? ['-- cells', createCellsSql(metric, cells, positions.sql), '-- fold', foldSql(metric, cells, positions.sql)]
        : []),
      '-- days in Berlin',
      questionSql(planQuestion(metric, question, cells && { table: cells }).plan, positions.sql),
      '-- view',
      viewSql(fixture.database, 'hour', [{ metric, cells }]),
    ].join('\n')
    const golden = new URL(`${name}.golden.sql`, folder)
    if (process.env['UPDATE'] === '1') writeFileSync(golden, `${sql}\n`)
    assert.equal(`${sql}\n`, readFileSync(golden, 'utf8'), 'run with UPDATE=1 to take the new SQL')

    const { warehouse } = fixture
    if (cells) {
      await warehouse.command(createCellsSql(metric, cells, positions.sql))
      assert.equal(
        await foldRange(
          warehouse,
          { metric, cells, positions: positions.sql },
          { from: positions.start, to: first, reach: positions.start, attempt: 0 },
          { queryId: crypto.randomUUID(), lane: 'ingest' },
        ),
        true,
      )
    }
    await makeViews(warehouse, fixture.database, [{ metric, cells }])
    const viewed = await warehouse.rows<{ n: number }>(
      `SELECT toInt32(sum(data_points)) AS n FROM ${fixture.database}.kpi_values_hour WHERE value IS NOT NULL`,
    )
    assert.equal(viewed[0]?.n, 1)
    const source = {
      warehouse,
      metric,
      positions,
      upto: first,
      now: Date.parse('2026-12-01'),
      cells: cells && { table: cells, reach: first, folded: first },
    }
    assert.equal((await answer(source, question)).points.length, 1)
  })
}
