import { useEffect, type ReactNode } from 'react'
import { cx } from '../class-names.ts'

/** The head of a page: where we are, in what state, and the one thing to do. */
export function PageHead({
  title,
  above,
  state,
  about,
  actions,
}: {
  readonly title: string
  readonly above?: ReactNode
  readonly state?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Millrace`
  }, [title])
  return (
    <header className="flex wrap-anywhere flex-wrap items-end justify-between gap-x-6 gap-y-3 pb-5">
      <div className="min-w-0">
        {above !== undefined && <div className="mb-1 text-12 text-ink-3">{above}</div>}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-20 font-semibold tracking-[-0.015em]">{title}</h1>
          {state}
        </div>
        {about !== undefined && <div className="mt-1 max-w-[70ch] text-13 text-ink-3">{about}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  )
}

export function Page({ children, wide = false }: { readonly children: ReactNode; readonly wide?: boolean }) {
  return (
    <div className={cx('mx-auto w-full px-4 pt-6 pb-16 sm:px-8', wide ? 'max-w-[1680px]' : 'max-w-[1240px]')}>
      {children}
    </div>
  )
}

export function Section({
  title,
  actions,
  children,
  className,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <section className={cx('mt-8', className)} aria-label={title}>
      <div className="mb-2 flex min-h-8 items-center justify-between gap-4">
        <h2 className="text-13 font-semibold text-ink-2">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}
