import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextTime } from './cron.ts'

/** The times between two, as minutes UTC; each asked from the one before, as a scheduler does. */
function times(cron: string, zone: string, from: string, to: string): readonly string[] {
  const found: string[] = []
  for (let at = Date.parse(from) - 1; (at = nextTime(cron, zone, at)) < Date.parse(to);)
    found.push(new Date(at).toISOString().slice(5, 16))
  return found
}

test('a time of day comes once on every day of its zone, also when the clocks change', () => {
  assert.deepEqual(
    times('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-31T00:00Z'),
    ['03-28T01:30', '03-29T01:30', '03-30T00:30'],
    'the clocks jump over 02:30 on the 29th',
  )
  assert.deepEqual(
    times('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:00Z', '2026-10-27T00:00Z'),
    ['10-24T00:30', '10-25T00:30', '10-26T01:30'],
    'the clocks tell 02:30 twice on the 25th',
  )
  assert.deepEqual(times('30 2 * * *', 'America/New_York', '2026-03-08T00:00Z', '2026-03-10T00:00Z'), [
    '03-08T07:30',
    '03-09T06:30',
  ])
  assert.deepEqual(times('30 2 * * *', 'Asia/Kolkata', '2026-01-01T00:00Z', '2026-01-02T00:00Z'), ['01-01T21:00'])
})

test('every so many minutes continues through the change', () => {
  assert.equal(times('*/30 * * * *', 'Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T06:00Z').length, 16)
  assert.equal(times('*/30 * * * *', 'Europe/Berlin', '2026-03-28T22:00Z', '2026-03-29T06:00Z').length, 16)
})

test('what is no time, or one of chance, is refused', () => {
  for (const cron of ['60 * * * *', '0 0 31 2 *', 'soon * * * *', 'H * * * *', '0 H(1-3) * * *'])
    assert.throws(() => nextTime(cron, 'UTC', 0), cron)
  assert.throws(() => nextTime('* * * * *', 'Mars/Base', 0), /Mars|timestamp/)
  assert.equal(nextTime('0 0 * * THU', 'UTC', 0), 7 * 86_400_000)
})

test('the refusal of an expression names the field that is wrong and what it can be', () => {
  const faults = {
    '61 * * * *': 'the minute cannot be "61"; it is 0–59, such as "30", "*/15" or, from low to high, "10-20"',
    '0 22-2 * * *': 'the hour cannot be "22-2"; it is 0–23, such as "6", "*/6" or, from low to high, "8-18"',
    '0 0 0 * *': 'the day of month cannot be "0"; it is 1–31, such as "1", "1,15" or, from low to high, "1-7"',
    '0 0 * foo *':
      'the month cannot be "foo"; it is 1–12 or JAN–DEC, such as "1", "*/3" or, from low to high, "JAN-MAR"',
    ' 0 0  * * MOND':
      'the day of week cannot be "MOND"; it is 0–7 or SUN–SAT (0 and 7 are Sunday), such as "1" or, from low to high, "MON-FRI"',
    '0 0 31 2,4 *': 'the day of month "31" never comes in the month "2,4"',
  }
  for (const [cron, message] of Object.entries(faults))
    assert.throws(() => nextTime(cron, 'Europe/Berlin', 0), { message }, cron)
})
