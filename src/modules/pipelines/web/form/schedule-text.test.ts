import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scheduleDraft, scheduleOf, scheduleText } from './schedule-text.ts'

test('a schedule is given back as it was, and none stays none', () => {
  for (const schedule of ['0 6 * * *', { cron: '0 6 * * *', zone: 'Europe/Rome' }, undefined])
    assert.deepEqual(scheduleOf(scheduleDraft(schedule, 'Asia/Kolkata')), schedule)
})

test('a new schedule is in the zone of the browser, one without a zone in UTC', () => {
  assert.deepEqual(scheduleDraft(undefined, 'Asia/Kolkata'), { cron: '', zone: 'Asia/Kolkata' })
  assert.deepEqual(scheduleDraft('0 6 * * *', 'Asia/Kolkata'), { cron: '0 6 * * *', zone: 'UTC' })
})

test('a schedule reads as words where it has them, always with its zone', () => {
  assert.equal(scheduleText({ cron: '0 6 * * *', zone: 'Europe/Rome' }), 'Every day at 06:00, Europe/Rome')
  assert.equal(scheduleText('15 7 * * 2'), '15 7 * * 2, UTC')
})
