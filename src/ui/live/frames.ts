/** The frames of the live sockets, and what they add up to. */
import { parseJsonValue } from '#core/parse-json'

export interface LivePoint {
  readonly code: string
  readonly period: string
  readonly start: string
  readonly end?: string
  readonly value: number | null
  readonly exact?: string
  readonly state: 'open' | 'provisional' | 'final'
  readonly dataPoints: number
  readonly dims?: Readonly<Record<string, string | null>>
  /** The place of the tile it belongs to, on a dashboard where another tile shows the same metric unfiltered. */
  readonly tile?: number
}

export type Frame =
  | {
      readonly type: 'snapshot' | 'update'
      readonly epoch: string
      readonly offset: number
      readonly at: string
      readonly points: readonly LivePoint[]
    }
  | { readonly type: 'heartbeat'; readonly at: string }
  | { readonly type: 'error'; readonly code: string; readonly detail: string }

export interface Held {
  readonly epoch: string | undefined
  readonly offset: number
  readonly points: ReadonlyMap<string, LivePoint>
}

export const nothingHeld: Held = { epoch: undefined, offset: -1, points: new Map() }

/** A point replaces the one with the same key. */
export function keyOf(point: LivePoint): string {
  const dims = Object.entries(point.dims ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([point.code, point.period, Date.parse(point.start), dims, point.tile])
}

/** What is held after a frame. Older frames of the same epoch change nothing, so a number never goes back. */
export function heldAfter(held: Held, frame: Frame): Held {
  if (frame.type === 'heartbeat' || frame.type === 'error') return held
  const known = frame.epoch === held.epoch
  if (known && frame.offset <= held.offset) return held
  if (!known && frame.type === 'update') return held
  const points = frame.type === 'snapshot' ? new Map<string, LivePoint>() : new Map(held.points)
  for (const point of frame.points) points.set(keyOf(point), point)
  return { epoch: frame.epoch, offset: frame.offset, points }
}

/** Points read over HTTP, with the live ones laid over them, in order of time. */
export function overlaid<P extends { readonly start: string }>(
  read: readonly P[],
  live: readonly P[],
  key: (point: P) => string,
): P[] {
  const all = new Map(read.map((point) => [key(point), point]))
  for (const point of live) all.set(key(point), point)
  return [...all.values()].sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
}

/** Reads a message; anything that is not a frame is nothing. */
export function readFrame(text: string): Frame | undefined {
  try {
    const frame = parseJsonValue(text) as Frame
    return typeof frame === 'object' && frame !== null && typeof frame.type === 'string' ? frame : undefined
  } catch {
    return undefined
  }
}
