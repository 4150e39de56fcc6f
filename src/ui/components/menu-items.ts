import type { ReactElement, ReactNode } from 'react'

export interface MenuItem {
  readonly id: string
  readonly title: string
  readonly about?: string | undefined
  readonly icon?: ReactNode
  readonly chosen?: boolean | undefined
  readonly danger?: boolean | undefined
  readonly onSelect: () => void
}

type Trigger = ReactElement<{
  onClick?: () => void
  onPointerEnter?: () => void
  'aria-haspopup'?: 'menu'
  'aria-expanded'?: boolean
}>

export interface MenuProps {
  /** A button. */
  readonly trigger: Trigger
  readonly groups: readonly (readonly MenuItem[])[]
  readonly align?: 'start' | 'end'
  readonly label: string
}
