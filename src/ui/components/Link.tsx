import { Link as RouterLink } from '@tanstack/react-router'
import type { CSSProperties, ReactNode, Ref } from 'react'
import { buttonClasses, type ButtonTone } from './Button.tsx'

export interface LinkProps {
  readonly to: string
  readonly search?: Readonly<Record<string, string | undefined>> | undefined
  readonly className?: string | undefined
  readonly style?: CSSProperties | undefined
  readonly title?: string | undefined
  readonly label?: string | undefined
  readonly children?: ReactNode
  readonly ref?: Ref<HTMLAnchorElement>
  readonly tabIndex?: number | undefined
}

/** A link within the app. What is not yet loaded begins to load when the pointer rests on it. */
export function Link({ to, search, label, ...rest }: LinkProps) {
  return (
    <RouterLink {...(rest as object)} to={to} search={(search ?? {}) as never} preload="intent" aria-label={label} />
  )
}

export function ButtonLink({
  tone,
  icon,
  className,
  children,
  ...rest
}: LinkProps & { readonly tone?: ButtonTone; readonly icon?: ReactNode }) {
  return (
    <Link {...rest} className={`${buttonClasses(tone)} ${className ?? ''}`}>
      {icon}
      {children}
    </Link>
  )
}
