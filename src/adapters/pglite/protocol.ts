/** What the adapter and its worker thread say to each other: each request has one reply, in order. */
export type Request =
  | {
      readonly kind: 'query'
      readonly text: string
      readonly values: readonly unknown[]
      readonly workspace: string | undefined
    }
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'begin'; readonly workspace: string | undefined }
  | { readonly kind: 'step'; readonly text: string; readonly values: readonly unknown[] }
  | { readonly kind: 'end'; readonly commit: boolean }
  | { readonly kind: 'close' }

export interface Answer {
  readonly rows: readonly object[]
  readonly affected: number
}

export type Reply = { readonly answer: Answer } | { readonly error: Failure }

export interface Failure {
  readonly message: string
  readonly code: string
  readonly constraint: string | undefined
  readonly detail: string | undefined
}

/** What the thread says by itself. */
export type Notice = 'serving' | { readonly panic: string }

export interface DatabaseSettings {
  readonly directory: string
  readonly durability: 'disk' | 'process'
}
