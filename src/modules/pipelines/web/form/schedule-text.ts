/** A schedule as the form writes it: cron, and the zone in which its times are. */
export interface ScheduleDraft {
  readonly cron: string
  readonly zone: string
}

export const schedulePresets: readonly { readonly cron: string; readonly title: string }[] = [
  { cron: '', title: 'Only when asked' },
  { cron: '0 * * * *', title: 'Every hour' },
  { cron: '0 */6 * * *', title: 'Every 6 hours' },
  { cron: '0 6 * * *', title: 'Every day at 06:00' },
  { cron: '0 6 * * 1', title: 'Every Monday at 06:00' },
  { cron: '0 6 1 * *', title: 'On the 1st of a month at 06:00' },
]

/** A schedule without a zone is in UTC; where there is none yet, it begins in the zone given. */
export function scheduleDraft(schedule: unknown, here: string): ScheduleDraft {
  if (typeof schedule === 'string' && schedule !== '') return { cron: schedule, zone: 'UTC' }
  if (typeof schedule !== 'object' || schedule === null) return { cron: '', zone: here }
  const { cron, zone } = schedule as { readonly cron?: unknown; readonly zone?: unknown }
  return { cron: typeof cron === 'string' ? cron : '', zone: typeof zone === 'string' ? zone : 'UTC' }
}

export function scheduleOf({ cron, zone }: ScheduleDraft): unknown {
  if (cron.trim() === '') return undefined
  return zone === 'UTC' ? cron : { cron, zone }
}

/** "Every day at 06:00, Europe/Rome"; a schedule that is no preset as its cron. */
export function scheduleText(schedule: unknown): string {
  const { cron, zone } = scheduleDraft(schedule, 'UTC')
  const preset = schedulePresets.find((one) => one.cron === cron.trim() && cron !== '')
  return `${preset?.title ?? cron}, ${zone}`
}
