/** A dashboard while it is edited, and the definition it stands for. */
import { moved } from '#ui/moved'
import type { Dashboard, Tile } from './dashboard-api.ts'

/** A tile keeps its key wherever it is moved. */
export interface DraftTile {
  readonly key: number
  readonly tile: Tile
}

export interface Draft {
  readonly title: string
  readonly name: string
  /** The name no longer follows the title. */
  readonly nameTyped: boolean
  readonly description: string | undefined
  readonly tiles: readonly DraftTile[]
}

export const maxTiles = 60

export const blankDraft: Draft = { title: '', name: '', nameTyped: false, description: undefined, tiles: [] }

export function draftOf({ title, name, description, tiles }: Dashboard): Draft {
  return { title, name, nameTyped: true, description, tiles: tiles.map((tile, key) => ({ key, tile })) }
}

export function definitionOf({ title, name, description, tiles }: Draft) {
  return {
    name,
    title: title.trim(),
    ...(description === undefined ? {} : { description }),
    tiles: tiles.map(({ tile }) => tile),
  }
}

/** "Sales, live" → "sales-live". */
export function nameFor(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 100)
}

export function titled(draft: Draft, title: string): Draft {
  return { ...draft, title, ...(draft.nameTyped ? {} : { name: nameFor(title) }) }
}

export function withTile(draft: Draft, metric: string): Draft {
  const key = Math.max(-1, ...draft.tiles.map((one) => one.key)) + 1
  return { ...draft, tiles: [...draft.tiles, { key, tile: { metric } }] }
}

export function withoutTile(draft: Draft, key: number): Draft {
  return { ...draft, tiles: draft.tiles.filter((one) => one.key !== key) }
}

export function tileMoved(draft: Draft, key: number, to: number): Draft {
  const from = draft.tiles.findIndex((one) => one.key === key)
  return { ...draft, tiles: moved(draft.tiles, from, to) }
}

/** What is `undefined` in the change is removed from the tile. */
export function tileChanged(
  draft: Draft,
  key: number,
  change: { readonly [Part in keyof Tile]?: Tile[Part] | undefined },
): Draft {
  const tiles = draft.tiles.map((one) => {
    if (one.key !== key) return one
    const entries = Object.entries({ ...one.tile, ...change }).filter(([, value]) => value !== undefined)
    return { key, tile: Object.fromEntries(entries) as Tile }
  })
  return { ...draft, tiles }
}
