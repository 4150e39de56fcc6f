import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  blankDraft,
  definitionOf,
  draftOf,
  nameFor,
  tileChanged,
  tileMoved,
  titled,
  withoutTile,
  withTile,
} from './dashboard-draft.ts'
import { changed, historyOf, undone } from './history.ts'

const shop = {
  id: '1',
  name: 'shop',
  title: 'The shop',
  description: 'For the wall',
  version: 3,
  createdAt: '2026-11-21T00:00:00Z',
  updatedAt: '2026-11-21T00:00:00Z',
  tiles: [{ metric: 'REV', filter: "region = 'north'", by: ['region'], width: 6 }, { metric: 'COUNT' }],
}
const metrics = (draft: typeof blankDraft) => draft.tiles.map(({ tile }) => tile.metric)

test('what the editor does not show of a dashboard is kept', () => {
  const { name, title, description, tiles } = shop
  assert.deepEqual(definitionOf(draftOf(shop)), { name, title, description, tiles })
})

test('a name follows from the title until it is typed', () => {
  assert.equal(nameFor('Sales, live'), 'sales-live')
  assert.equal(nameFor('2026: Größe'), 'gro-e')
  assert.equal(titled(blankDraft, 'Sales').name, 'sales')
  assert.equal(titled({ ...blankDraft, name: 'own', nameTyped: true }, 'Sales').name, 'own')
})

test('tiles are added at the end, moved, and removed, each with a key of its own', () => {
  const draft = withTile(withTile(draftOf(shop), 'REV'), 'AVG')
  assert.equal(new Set(draft.tiles.map(({ key }) => key)).size, 4)
  const first = draft.tiles[0]!.key
  assert.deepEqual(metrics(tileMoved(draft, first, 1)), ['COUNT', 'REV', 'REV', 'AVG'])
  assert.deepEqual(metrics(withoutTile(draft, first)), ['COUNT', 'REV', 'AVG'])
})

test('what a tile no longer says is not in its definition', () => {
  const draft = draftOf(shop)
  const [tile] = definitionOf(tileChanged(draft, 0, { width: undefined, title: 'North' })).tiles
  assert.deepEqual(tile, { metric: 'REV', filter: "region = 'north'", by: ['region'], title: 'North' })
})

test('each change can be undone, and typing in one field is one change', () => {
  const typed = ['S', 'Sa', 'Sal'].reduce((history, text) => changed(history, text, 'type title'), historyOf(''))
  const then = changed(typed, 'Sal, sorted', 'move')
  assert.equal(undone(then).now, 'Sal')
  assert.equal(undone(undone(then)).now, '')
  assert.equal(undone(undone(undone(then))).now, '')
  assert.equal(undone(changed(undone(typed), 'T', 'type title')).now, '')
})
