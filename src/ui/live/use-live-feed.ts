import { useEffect, useState, useSyncExternalStore } from 'react'
import type { LivePoint } from './frames.ts'
import { openLiveFeed, type LiveFeed, type LiveState } from './live-feed.ts'

export interface LiveView extends LiveState {
  pause(): void
  go(): void
}

const waiting: LiveState = { points: [], link: 'connecting', heardAt: undefined, problem: undefined }

/** One feed for as long as the path stays the same; `undefined`: none. */
export function useLiveFeed(
  path: string | undefined,
  poll: () => Promise<readonly LivePoint[]>,
  readFirst = true,
): LiveView {
  const [feed, setFeed] = useState<LiveFeed>()
  useEffect(() => {
    if (path === undefined) return undefined
    const opened = openLiveFeed({ path, poll, readFirst })
    setFeed(opened)
    return () => {
      opened.close()
      setFeed(undefined)
    }
    // `poll` follows from the path.
  }, [path])
  const state = useSyncExternalStore(feed?.subscribe ?? never, feed?.current ?? (() => waiting))
  return { ...state, pause: () => feed?.pause(), go: () => feed?.go() }
}

const never = (): (() => void) => () => {}
