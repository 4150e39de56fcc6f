/**
 * Push between parts and processes: publish and subscribe, and the latest value per topic.
 * Delivery is at most once; whoever must not miss anything reads the log or the latest value.
 *
 * ```ts
 * const heard = Promise.withResolvers<string>()
 * const subscription = await ports.bus.subscribe('orders.*', (_, topic) => heard.resolve(topic))
 * await ports.bus.publish('orders.north', { id: 'o-1' }, { retain: true })
 * await heard.promise // 'orders.north'
 * await ports.bus.latest('orders.north') // { id: 'o-1' }
 * await subscription.close()
 * ```
 */
export interface Bus {
  /** `retain` keeps the message as the topic's latest value. */
  publish(topic: string, message: BusMessage, options?: { retain?: boolean }): Promise<void>
  /** A trailing `*` takes every topic with that beginning. */
  subscribe(pattern: string, listener: (message: BusMessage, topic: string) => void): Promise<Subscription>
  latest(topic: string): Promise<BusMessage | undefined>
  close(): Promise<void>
}

/** Anything that survives JSON. */
export type BusMessage =
  | string
  | number
  | boolean
  | null
  | readonly BusMessage[]
  | { readonly [key: string]: BusMessage }

export interface Subscription {
  close(): Promise<void>
}
