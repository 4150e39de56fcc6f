import { Component, type ReactNode } from 'react'
import { cx } from '../class-names.ts'
import { Failure } from './Nothing.tsx'

interface BoundaryProps {
  readonly children: ReactNode
  /** Of the place that the broken part leaves. */
  readonly className?: string
}

/** A part of a page that breaks says so in its place and leaves the other parts standing. */
export class Boundary extends Component<BoundaryProps, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {}

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error: error ?? new Error('A part of the page threw nothing.') }
  }

  readonly #retry = (): void => this.setState({ error: undefined })

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children
    return (
      <div className={cx('overflow-auto', this.props.className)}>
        <Failure error={this.state.error} compact retry={this.#retry} />
      </div>
    )
  }
}
