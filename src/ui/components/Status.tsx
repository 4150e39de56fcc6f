import { cx } from '../class-names.ts'

/** A state by colour and by shape, so that neither is needed to read it. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle' | 'wait'

const colours: Readonly<Record<Tone, string>> = {
  good: 'text-good',
  busy: 'text-water-ink',
  warn: 'text-warn',
  bad: 'text-bad',
  idle: 'text-ink-3',
  wait: 'text-ink-3',
}

const shapes: Readonly<Record<Tone, React.ReactNode>> = {
  good: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  busy: (
    <path
      d="M1.5 7.5C3.5 4 5.5 4 6 6s2.5 2 4.5-1.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  ),
  warn: <path d="M6 1.8 11 10.4H1Z" fill="currentColor" />,
  bad: <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor" />,
  idle: <path d="M3.5 2.5v7M8.5 2.5v7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  wait: (
    <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 1.466" />
  ),
}

export function StatusMark({ tone, className }: { readonly tone: Tone; readonly className?: string | undefined }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
      className={cx('shrink-0', colours[tone], className)}
    >
      {shapes[tone]}
    </svg>
  )
}

export function Status({
  tone,
  children,
  title,
}: {
  readonly tone: Tone
  readonly children: string
  readonly title?: string | undefined
}) {
  return (
    <span title={title} className="inline-flex items-center gap-1.5 text-13 whitespace-nowrap text-ink-2">
      <StatusMark tone={tone} />
      {children}
    </span>
  )
}
