import type { ComponentProps, ReactNode } from 'react'
import { cx } from '../class-names.ts'

export type ButtonTone = 'primary' | 'plain' | 'quiet' | 'danger'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone
  readonly icon?: ReactNode
  /** What it does, for an icon alone. */
  readonly label?: string
  readonly busy?: boolean
}

export const buttonClasses = (tone: ButtonTone = 'plain', iconOnly = false): string =>
  cx(
    'inline-flex touch h-8 items-center justify-center gap-1.5 rounded-md text-13 font-medium whitespace-nowrap select-none transition-colors duration-100',
    'disabled:opacity-50 aria-disabled:opacity-50',
    iconOnly ? 'w-8' : 'px-3',
    tone === 'primary' && 'bg-water-deep text-on-water hover:bg-water-deeper',
    tone === 'plain' && 'border border-line-strong bg-raised text-ink hover:bg-hover',
    tone === 'quiet' && 'text-ink-2 hover:bg-hover hover:text-ink',
    tone === 'danger' && 'bg-bad text-canvas hover:opacity-90',
  )

export function Button({
  tone = 'plain',
  icon,
  label,
  busy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  const iconOnly = children === undefined
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={iconOnly ? (rest.title ?? label) : rest.title}
      aria-busy={busy || undefined}
      disabled={(disabled ?? false) || busy}
      className={cx(buttonClasses(tone, iconOnly), className)}
    >
      {icon}
      {children}
    </button>
  )
}
