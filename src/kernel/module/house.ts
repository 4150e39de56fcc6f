/** The modules of an application while it starts, runs and stops. */
import { kernelErrors } from '../problems/errors.ts'
import type { KernelPorts, Module } from './module.ts'
import { ask, askPorts, type Readiness } from './readiness.ts'
import type { AnyStarted } from './start-module.ts'

export type ReadyQuestion = () => Promise<{ ok: boolean; detail?: string }>

export class House {
  /** In the order of their start. */
  readonly order: readonly Module[]
  readonly started = new Map<string, AnyStarted>()
  /** Every permission and what it allows. */
  readonly permissions: ReadonlyMap<string, string>
  /** Aborted when the stop begins. */
  readonly stopping = new AbortController()
  /** Aborted when what is being answered has had its time. */
  readonly ended = new AbortController()
  ports: KernelPorts | undefined
  /** Every module has started. */
  complete = false
  readonly #parts: Readonly<Record<string, ReadyQuestion>>

  constructor(order: readonly Module[], parts: Readonly<Record<string, ReadyQuestion>>) {
    this.order = order
    this.#parts = parts
    this.permissions = new Map(order.flatMap((module) => Object.entries(module.permissions as Record<string, string>)))
  }

  /** A module that can be asked now. */
  living(name: string): AnyStarted {
    const module = this.complete ? this.started.get(name) : undefined
    if (!module) throw this.stopping.signal.aborted ? kernelErrors.stopping({}) : kernelErrors.starting({})
    return module
  }

  async ready(): Promise<Readiness> {
    if (!this.ports || !this.complete)
      return { ready: false, parts: this.order.map(({ name }) => ({ name, ok: false, detail: 'Still starting.' })) }
    const questions = [...this.started].flatMap(([name, { ready }]) => (ready ? [ask(name, ready)] : []))
    const others = Object.entries(this.#parts).map(([name, question]) => ask(name, question))
    const parts = await Promise.all([...askPorts(this.ports), ...others, ...questions])
    return { ready: parts.every(({ ok }) => ok) && !this.stopping.signal.aborted, parts }
  }
}
