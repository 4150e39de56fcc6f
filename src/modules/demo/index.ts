import { face } from '#kernel/module'

export const demo = face<Demo>('demo')

export interface Demo {
  /** Every definition of the pack is there, and its feeds have caught up with the present. */
  settled(): Promise<void>
}
