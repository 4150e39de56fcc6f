import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  findZone,
  localDay,
  periodNames,
  periodOf,
  periodsIn,
  periodState,
  previousPeriod,
  startOfLocalDay,
  type PeriodName,
} from './index.ts'

const names = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'America/Havana',
  'Africa/Casablanca',
  'Asia/Pyongyang',
  'Antarctica/Troll',
  'Africa/Monrovia',
  'Europe/Dublin',
  'Asia/Tehran',
  'America/Caracas',
  'Asia/Gaza',
  'Africa/Cairo',
  '+05:30',
]
const zoneNamed = (name: string) => findZone(name)!
const iso = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z')
const seen = (name: string, period: PeriodName, at: string) => {
  const { start, end } = periodOf(Date.parse(at), period, zoneNamed(name))
  return `${iso(start)} ${iso(end)}`
}

/** The wall clock by the platform itself, one instant at a time. */
function wallClock(name: string): (instant: number) => { date: string; hour: string; offset: number } {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' })
  return (instant) => {
    const [date, time] = format.format(instant).split(' ') as [string, string]
    return { date, hour: time.slice(0, 2), offset: Date.parse(`${date}T${time}Z`) - Math.floor(instant / 1000) * 1000 }
  }
}

function labelOf(date: string, period: PeriodName): string {
  if (period === 'day') return date
  if (period === 'month') return date.slice(0, 7)
  if (period === 'year') return date.slice(0, 4)
  if (period === 'quarter') return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
  const day = new Date(`${date}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
  return day.toISOString().slice(0, 10)
}

test('a day in Kolkata begins at half past six in the evening, UTC', () => {
  assert.equal(seen('Asia/Kolkata', 'day', '2026-11-21T01:00:00Z'), '2026-11-20T18:30:00Z 2026-11-21T18:30:00Z')
})

test('days around a change of the clock have 23 and 25 hours', () => {
  assert.equal(seen('Europe/Berlin', 'day', '2026-03-29T12:00:00Z'), '2026-03-28T23:00:00Z 2026-03-29T22:00:00Z')
  assert.equal(seen('Europe/Berlin', 'day', '2026-10-25T12:00:00Z'), '2026-10-24T22:00:00Z 2026-10-25T23:00:00Z')
})

test('an hour that the clock goes through twice is two hours', () => {
  assert.equal(seen('America/New_York', 'hour', '2026-11-01T05:30:00Z'), '2026-11-01T05:00:00Z 2026-11-01T06:00:00Z')
  assert.equal(seen('America/New_York', 'hour', '2026-11-01T06:30:00Z'), '2026-11-01T06:00:00Z 2026-11-01T07:00:00Z')
  assert.equal(seen('Australia/Lord_Howe', 'hour', '2026-04-04T15:10:00Z'), '2026-04-04T15:00:00Z 2026-04-04T15:30:00Z')
})

test('a midnight that does not exist begins the day at the jump', () => {
  assert.equal(seen('America/Sao_Paulo', 'day', '2017-10-15T12:00:00Z'), '2017-10-15T03:00:00Z 2017-10-16T02:00:00Z')
})

test('a clock that comes back over midnight does not begin the day again', () => {
  assert.equal(seen('America/St_Johns', 'day', '2006-10-29T02:45:00Z'), '2006-10-29T02:30:00Z 2006-10-30T03:30:00Z')
})

test('a day that was skipped is no period', () => {
  const days = [
    ...periodsIn(
      Date.parse('2011-12-29T12:00:00Z'),
      Date.parse('2011-12-31T12:00:00Z'),
      'day',
      zoneNamed('Pacific/Apia'),
    ),
  ]
  assert.deepEqual(
    days.map((day) => localDay(day.start, zoneNamed('Pacific/Apia'))),
    ['2011-12-29', '2011-12-31', '2012-01-01'],
  )
})

test('weeks begin on Monday, quarters in January, April, July and October', () => {
  assert.equal(seen('UTC', 'week', '2026-11-21T00:00:00Z'), '2026-11-16T00:00:00Z 2026-11-23T00:00:00Z')
  assert.equal(seen('UTC', 'week', '1969-12-31T00:00:00Z'), '1969-12-29T00:00:00Z 1970-01-05T00:00:00Z')
  assert.equal(seen('Asia/Kathmandu', 'quarter', '2026-11-21T00:00:00Z'), '2026-09-30T18:15:00Z 2026-12-31T18:15:00Z')
})

test('an unknown zone is undefined', () => {
  assert.equal(findZone('Mars/Olympus'), undefined)
  assert.equal(findZone(''), undefined)
})

test('a period is open until its end, provisional until its lateness has passed, then final', () => {
  const period = { start: 0, end: 1000 }
  assert.deepEqual(
    [999, 1000, 1499, 1500].map((now) => periodState(period, 500, now)),
    ['open', 'provisional', 'provisional', 'final'],
  )
})

test('a calendar day and its first instant lead to each other', () => {
  const zone = zoneNamed('America/St_Johns')
  assert.equal(localDay(startOfLocalDay('2026-03-08', zone), zone), '2026-03-08')
})

test('every period holds its instant, and its neighbours touch it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...periodNames),
      fc.integer({ min: Date.parse('1960-01-01'), max: Date.parse('2060-01-01') }),
      (name, period, instant) => {
        const zone = zoneNamed(name)
        const current = periodOf(instant, period, zone)
        assert.ok(current.start <= instant && instant < current.end)
        assert.deepEqual(periodOf(current.start, period, zone), current)
        assert.deepEqual(periodOf(current.end - 1, period, zone), current)
        assert.equal(periodOf(current.end, period, zone).start, current.end)
        assert.equal(previousPeriod(current, period, zone).end, current.start)
      },
    ),
    { numRuns: 1500 },
  )
})

test('walking minute by minute over changes of the clock finds the same hours and days', () => {
  const changes: [string, string][] = [
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['Australia/Lord_Howe', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-10-03'],
    ['America/St_Johns', '2006-10-29'],
    ['America/St_Johns', '2006-04-02'],
    ['America/Havana', '2026-11-01'],
    ['America/Sao_Paulo', '2018-02-18'],
    ['Pacific/Apia', '2011-12-30'],
    ['Asia/Kathmandu', '1985-12-31'],
    ['Asia/Pyongyang', '2018-05-04'],
    ['Antarctica/Troll', '2026-03-29'],
    ['Africa/Casablanca', '2026-02-15'],
    ['America/Caracas', '2007-12-09'],
    ['Africa/Cairo', '2014-07-31'],
    ['Pacific/Chatham', '2026-09-26'],
  ]
  for (const [name, date] of changes) {
    const zone = zoneNamed(name)
    const clock = wallClock(name)
    const from = Date.parse(`${date}T00:00:00Z`) - 30 * 3_600_000
    let last = clock(from)
    let latest = last.date
    for (let instant = from + 60_000; instant < from + 90 * 3_600_000; instant += 60_000) {
      const now = clock(instant)
      const hourBegins = now.offset !== last.offset || now.hour !== last.hour
      assert.equal(periodOf(instant, 'hour', zone).start === instant, hourBegins, `${name} hour ${iso(instant)}`)
      assert.equal(periodOf(instant, 'minute', zone).start, instant)
      const dayBegins = now.date > latest
      assert.equal(periodOf(instant, 'day', zone).start === instant, dayBegins, `${name} day ${iso(instant)}`)
      if (dayBegins) latest = now.date
      last = now
    }
  }
})

test('the calendar of the platform agrees on days, weeks, months, quarters and years of random instants', () => {
  const clocks = new Map(names.map((name) => [name, wallClock(name)]))
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
      fc.integer({ min: Date.parse('1971-01-01'), max: Date.parse('2060-01-01') }),
      (name, period, instant) => {
        const { start, end } = periodOf(instant, period as PeriodName, zoneNamed(name))
        const label = (at: number) => labelOf(clocks.get(name)!(at).date, period as PeriodName)
        const cameBack = instant - start < 2 * 3_600_000 && label(instant) < label(start)
        assert.ok(cameBack || label(instant) === label(start))
        assert.notEqual(label(end), label(start))
        assert.equal(label(end - 1) >= label(start), true)
        assert.equal(label(start - 1) < label(start), true)
      },
    ),
    { numRuns: 1500 },
  )
})
