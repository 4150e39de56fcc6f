import type { LiveState } from '../live/live-feed.ts'
import { formatAgo, formatMoment } from '../format/time.ts'
import { useNow } from '../use-now.ts'
import { Status, StatusMark, type Tone } from './Status.tsx'

type Link = LiveState['link']

const links: Readonly<Record<Link, { tone: Tone; word: string; why: string }>> = {
  live: { tone: 'good', word: 'Live', why: 'Every change arrives as it happens' },
  connecting: { tone: 'wait', word: 'Connecting', why: 'The first values are on their way' },
  reconnecting: {
    tone: 'warn',
    word: 'Reconnecting',
    why: 'The connection was lost; it is being opened again and nothing will be missed',
  },
  polling: {
    tone: 'warn',
    word: 'Polling',
    why: 'No live connection is possible here, so values are read every few seconds',
  },
  paused: { tone: 'idle', word: 'Paused', why: 'You hold the page; new values wait' },
}

const quietMs = 10 * 60_000

function quiet(lastRowAt: number, now: number, zone: string | undefined): (typeof links)[Link] {
  const since = formatMoment(lastRowAt, now, zone)
  return {
    tone: 'idle',
    word: `Nothing since ${since}`,
    why: `The connection is live, but no row is dated later than ${since}`,
  }
}

/** How fresh the shown numbers are, and why. */
export function Freshness({
  link,
  heardAt,
  word = true,
  lastRowAt,
  zone,
}: {
  readonly link: Link
  readonly heardAt: number | undefined
  readonly word?: boolean
  /** How the newest row is dated: a live connection over which nothing comes for long says since when. */
  readonly lastRowAt?: number | undefined
  readonly zone?: string | undefined
}) {
  const now = useNow(5_000)
  const {
    tone,
    word: text,
    why,
  } = link === 'live' && lastRowAt !== undefined && now - lastRowAt > quietMs
    ? quiet(lastRowAt, now, zone)
    : links[link]
  const title = heardAt === undefined ? why : `${why}. Last heard ${formatAgo(heardAt, now)}.`
  if (!word) {
    return (
      <span title={`${text}. ${title}`} role="img" aria-label={text}>
        <StatusMark tone={tone} className="size-2.5" />
      </span>
    )
  }
  return (
    <Status tone={tone} title={title}>
      {text}
    </Status>
  )
}
