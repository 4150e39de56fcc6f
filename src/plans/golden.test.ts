/** `golden/<plan>.txt` holds the compiled SQL of a plan, the origins of its columns and its rows. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { show } from '#sdk'
import { compile } from './compile.ts'
import { openEngine } from './engine-fixture.ts'
import { goldenPlans } from './golden-plans-fixture.ts'
import type { Origin, Plan } from './plan.ts'

const golden = new URL('./golden/', import.meta.url)
const engine = openEngine()
after(() => engine.close())

for (const [name, plan] of Object.entries(goldenPlans)) {
  test(`${name} is compiled, described and answered as written down`, async () => {
    const path = new URL(`${name}.txt`, golden)
    const found = described(plan)
    if (process.env['UPDATE'] === '1') await writeFile(path, found)
    assert.equal(found, await readFile(path, 'utf8'))
  })
}

test('every golden file belongs to a plan', async () => {
  const files = await readdir(golden)
  assert.deepEqual(
    files.toSorted(),
    Object.keys(goldenPlans)
      .map((name) => `${name}.txt`)
      .toSorted(),
  )
})

function described(plan: Plan): string {
  const sql = show(compile(plan, 'clickhouse')).replaceAll(/ (SELECT|FROM|WHERE|GROUP BY|UNION ALL) /g, '\n$1 ')
  const columns = plan.columns.map(
    ({ name, type, nullable, origins }) => `${name} ${type}${nullable ? '' : ' not null'} from ${listed(origins)}`,
  )
  const rows = engine.rows(plan).map((row) => JSON.stringify(row))
  return [sql, '', ...columns, `rows from ${listed(plan.rowOrigins)}`, '', ...rows.toSorted(), ''].join('\n')
}

function listed(origins: readonly Origin[]): string {
  return origins.length === 0 ? 'nothing' : origins.map(({ scan, column }) => `${scan}.${column}`).join(', ')
}
