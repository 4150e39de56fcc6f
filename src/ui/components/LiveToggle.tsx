import { Pause, Play } from 'lucide-react'
import type { LiveState } from '../live/live-feed.ts'
import { useShortcut } from '../keyboard/shortcuts.ts'
import { Button } from './Button.tsx'

/** Pauses live updates and resumes them. */
export function LiveToggle({
  link,
  pause,
  go,
}: {
  readonly link: LiveState['link']
  readonly pause: () => void
  readonly go: () => void
}) {
  const paused = link === 'paused'
  const toggle = paused ? go : pause
  useShortcut('l', paused ? 'Go live' : 'Hold the live values', toggle)
  return (
    <Button icon={paused ? <Play size={14} /> : <Pause size={14} />} onClick={toggle}>
      {paused ? 'Go live' : 'Hold'}
    </Button>
  )
}
