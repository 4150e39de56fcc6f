/**
 * When a zone's clock is how far from UTC. Everything here counts in whole seconds since 1970.
 *
 * The platform only tells the wall clock of an instant, slowly; so the changes of an offset are
 * searched once per zone and stretch of time, and kept.
 */
export interface Zone {
  readonly name: string
  /** The stretch of unchanged offset that holds the instant; cut at `reach` on quiet sides. */
  segmentAt(second: number): Segment
}

export interface Segment {
  /** First second. A real change of the offset only when `changed`. */
  readonly from: number
  /** First second after. */
  readonly to: number
  /** Local clock minus UTC, in seconds. */
  readonly offset: number
  /** The offset changed at `from`. */
  readonly changed: boolean
}

const day = 86_400
/** One stretch is searched at a time: about a year. */
const stretch = 366 * day
const zonesKept = 128
const stretchesKept = 512

const zones = new Map<string, Zone>()

/** `undefined` for a name the time zone database does not know. */
export function findZone(name: string): Zone | undefined {
  const known = zones.get(name)
  if (known) {
    zones.delete(name)
    zones.set(name, known)
    return known
  }
  const clock = wallClock(name)
  if (!clock) return undefined
  const zone = zoneOf(name, clock)
  zones.set(name, zone)
  if (zones.size > zonesKept) zones.delete(zones.keys().next().value!)
  return zone
}

function zoneOf(name: string, offsetAt: (second: number) => number): Zone {
  const stretches = new Map<number, readonly Segment[]>()

  function segmentsOf(index: number): readonly Segment[] {
    const known = stretches.get(index)
    if (known) return known
    const segments = search(offsetAt, index * stretch, (index + 1) * stretch)
    if (stretches.size >= stretchesKept) stretches.delete(stretches.keys().next().value!)
    stretches.set(index, segments)
    return segments
  }

  function segmentAt(second: number): Segment {
    const segments = segmentsOf(Math.floor(second / stretch))
    let at = segments.length - 1
    while (at > 0 && segments[at]!.from > second) at--
    return segments[at]!
  }

  return { name, segmentAt }
}

/** Steps of a day: no zone has changed its clock and back within one. */
function search(offsetAt: (second: number) => number, from: number, to: number): Segment[] {
  const segments: Segment[] = []
  let offset = offsetAt(from)
  let start = from
  let changed = offsetAt(from - 1) !== offset
  for (let probe = from; probe < to;) {
    const next = Math.min(probe + day, to - 1)
    const there = offsetAt(next)
    if (there !== offset) {
      let [before, after] = [probe, next]
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2)
        if (offsetAt(middle) === offset) before = middle
        else after = middle
      }
      segments.push({ from: start, to: after, offset, changed })
      start = after
      changed = true
      offset = offsetAt(after)
      probe = after
    } else if (next === to - 1) {
      break
    } else {
      probe = next
    }
  }
  segments.push({ from: start, to, offset, changed })
  return segments
}

/** Reads the platform's wall clock; `undefined` when it does not know the zone. */
function wallClock(name: string): ((second: number) => number) | undefined {
  if (name === 'UTC') return () => 0
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  return (second) => {
    const read: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
    for (const part of format.formatToParts(second * 1000)) read[part.type] = part.value
    const year = read.era?.startsWith('B') ? 1 - Number(read.year) : Number(read.year)
    const local = new Date(0)
    local.setUTCFullYear(year, Number(read.month) - 1, Number(read.day))
    local.setUTCHours(Number(read.hour), Number(read.minute), Number(read.second))
    return local.getTime() / 1000 - second
  }
}
