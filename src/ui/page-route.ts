import type { ComponentType, ReactNode } from 'react'

/** A page a module brings to the web app: where it is, and how it is loaded when first needed. */
export interface PageRoute {
  /** `/pipelines/$id`, beneath the app's base. */
  readonly path: string
  readonly load: () => Promise<ComponentType>
}

export const navigationGroups = ['Data', 'Numbers', 'Operate'] as const
export type NavigationGroup = (typeof navigationGroups)[number]

export interface NavigationEntry {
  readonly to: string
  readonly title: string
  readonly group: NavigationGroup
  readonly icon: ReactNode
  /** The second key after `g`. */
  readonly key: string
  /** On a phone it is in the bar, which has room for a few; the others are under “More”. */
  readonly inBar?: boolean
  /** Those without it do not see the entry. */
  readonly permission?: string
}

/** Something the command palette finds: a pipeline, a dataset, a metric. */
export interface Findable {
  readonly kind: string
  readonly title: string
  readonly about?: string | undefined
  readonly to: string
}

export interface Action {
  readonly title: string
  readonly to: string
}

/** A part of Home that a module brings. Parts come in the order of the modules. */
export interface HomePart {
  /** Above all, in the wide column, or beside it. */
  readonly place: 'top' | 'main' | 'side'
  /** Above it; without one the part speaks for itself. */
  readonly title?: string
  /** It often shows nothing, so that no place is kept for it while it loads. */
  readonly mayBeEmpty?: boolean
  /** Where all of what it shows is. */
  readonly all?: { readonly title: string; readonly to: string }
  readonly load: () => Promise<ComponentType>
}

export interface ModulePages {
  readonly pages: readonly PageRoute[]
  readonly navigation: readonly NavigationEntry[]
  /** What the command palette offers to do. */
  readonly actions?: readonly Action[]
  readonly home?: readonly HomePart[]
  readonly find?: (signal: AbortSignal) => Promise<readonly Findable[]>
}
