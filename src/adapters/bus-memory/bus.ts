import type { Bus, BusMessage } from '#ports/bus'

type Listener = (message: BusMessage, topic: string) => void

/** Push inside one process. Latest values are bounded: the topics longest unpublished are forgotten. */
export function memoryBus(options: { onListenerError?: (error: unknown, topic: string) => void } = {}): Bus {
  const exact = new Map<string, Set<Listener>>()
  const prefixes = new Map<string, Set<Listener>>()
  const retained = new Map<string, BusMessage>()
  let open = true

  const deliver = (listeners: Iterable<Listener>, message: BusMessage, topic: string): void => {
    for (const listener of [...listeners]) {
      try {
        listener(message, topic)
      } catch (error) {
        options.onListenerError?.(error, topic)
      }
    }
  }

  return {
    publish: async (topic, message, { retain = false } = {}) => {
      if (!open) return
      if (retain) keep(retained, topic, message, maxTopics)
      queueMicrotask(() => {
        deliver(exact.get(topic) ?? [], message, topic)
        for (const [prefix, listeners] of prefixes) if (topic.startsWith(prefix)) deliver(listeners, message, topic)
      })
    },
    subscribe: async (pattern, listener) => {
      const table = pattern.endsWith('*') ? prefixes : exact
      const key = pattern.endsWith('*') ? pattern.slice(0, -1) : pattern
      const own: Listener = (message, topic) => listener(message, topic)
      const listeners = table.get(key) ?? new Set()
      table.set(key, listeners.add(own))
      return {
        close: async () => {
          listeners.delete(own)
          if (listeners.size === 0 && table.get(key) === listeners) table.delete(key)
        },
      }
    },
    latest: async (topic) => retained.get(topic),
    close: async () => {
      open = false
      exact.clear()
      prefixes.clear()
      retained.clear()
    },
  }
}

const maxTopics = 100_000

function keep<T>(map: Map<string, T>, key: string, value: T, maxSize: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= maxSize) return
  const oldest = map.keys().next()
  if (oldest.done !== true) map.delete(oldest.value)
}
