import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metadata } from '#ports/metadata'
import { workspaceTable } from './workspaces.ts'

test('a workspace id with two hyphens in a row is refused, because it would name a system database', async () => {
  const written: unknown[] = []
  const query = async (_text: string, values: readonly unknown[]) => written.push(values[0])
  const workspaces = workspaceTable({ system: { query } } as unknown as Metadata)
  for (const id of ['default--system', 'a--b', '--system', 'Default', ''])
    await assert.rejects(workspaces.ensure({ id, title: 'X', demo: false }), { code: 'identity.badWorkspace' }, id)
  await workspaces.ensure({ id: 'a-b', title: 'X', demo: false })
  assert.deepEqual(written, ['a-b'])
})
