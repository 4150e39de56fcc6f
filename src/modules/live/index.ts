/**
 * Numbers that stay current while somebody watches them.
 *
 * ```ts
 * const wish = needs.live.readWish(new URLSearchParams('period=hour&zone=Asia/Kolkata'), 'SHOP.ORDERS')
 * wish.period // 'hour'
 * wish.zone // 'Asia/Kolkata'
 * ```
 */
import { face } from '#kernel/module'
import type { SocketCall } from '#kernel/module'
import type { LiveSeries, LiveWish, Resume } from './live-question.ts'

export type { LiveSeries, LiveWish, Resume }

export const live = face<Live>('live')

export interface Live {
  /**
   * Takes a socket over and shows what its caller may see. What to show is read after the handshake; what is wrong
   * with it is sent as an error frame.
   */
  serve(
    call: SocketCall,
    readSeries: () => Promise<{ series: readonly LiveSeries[]; resume: Resume | undefined }>,
  ): void
  /** Reads `period`, `zone`, `by`, `filter`, `epoch` and `offset` of an address; throws with every problem. */
  readWish(query: URLSearchParams, about: string): LiveWish
  /** Resolves when somebody watches numbers of the workspace in this process, or the signal aborts. */
  whenWatched(workspace: string, signal: AbortSignal): Promise<void>
}
