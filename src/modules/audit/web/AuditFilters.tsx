import { useId } from 'react'
import { Select } from '#ui/Field'
import { useShortcut } from '#ui/shortcuts'
import { UrlFilter } from '#ui/UrlFilter'
import { useUrlState } from '#ui/url-state'
import { ranges } from './audit-range.ts'

/** The filters of the list, all kept in the URL. */
export function AuditFilters({ unread }: { readonly unread: string | undefined }) {
  const [url, changeUrl] = useUrlState()
  const id = useId()
  const { from = '', to = '' } = url
  const preset = to === '' && ranges.some(({ value }) => value === from)
  useShortcut('/', 'Filter the rows', () => document.getElementById(`${id}-actor`)?.focus())
  return (
    <div role="search" aria-label="Filter entries" className="mb-4 grid grid-cols-2 gap-2 md:grid-cols-4">
      <UrlFilter id={`${id}-actor`} name="actor" label="Who: name or id" />
      <UrlFilter id={`${id}-action`} name="action" label="Action or module" />
      <UrlFilter id={`${id}-subject`} name="subject" label="Subject: kind, name or id" />
      <Select
        id={`${id}-range`}
        aria-label="Time"
        value={preset ? from : 'other'}
        options={[...ranges, { value: 'other', title: 'Other times' }]}
        onChange={(value) =>
          changeUrl(value === 'other' ? { from: 'now-7d', to: 'now' } : { from: value, to: undefined }, { keep: true })
        }
      />
      {!preset && (
        <>
          <UrlFilter id={`${id}-from`} name="from" label="From: now-24h, 2026-11-21" />
          <UrlFilter id={`${id}-to`} name="to" label="Until: now, 2026-11-21" />
        </>
      )}
      {unread !== undefined && (
        <p role="alert" className="col-span-full text-12 text-bad">
          “{unread}” is no time. Write a date such as 2026-11-21, or a time back from now such as now-24h.
        </p>
      )}
    </div>
  )
}
