import type { Lease, Leases } from '#ports/leases'
import type { TopicName } from '#ports/log'

/** The right to fold a topic: one server at a time. Kept once acquired, until it is lost or all of it is closed. */
export interface TopicLeases {
  /** Returns whether it was acquired by this call. Rejects with `LeaseHeld` while another server folds the topic. */
  hold(topic: TopicName): Promise<boolean>
  release(): Promise<void>
}

export function topicLeases(leases: Leases, signal: AbortSignal): TopicLeases {
  const held = new Map<string, Lease>()
  return {
    async hold({ workspace, name }) {
      const key = `metrics/fold/${workspace}/${name}`
      if (held.get(key)?.lost.aborted === false) return false
      held.delete(key)
      held.set(key, await leases.acquire(key, { waitMs: leases.takeOverMs, signal }))
      return true
    },
    async release() {
      await Promise.all([...held.values()].map((lease) => lease.release()))
    },
  }
}
