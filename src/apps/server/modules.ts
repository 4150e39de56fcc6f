import type { Settings } from '#kernel/config'
import type { Module } from '#kernel/module'
import datasets from '#modules/datasets/module'
import identity from '#modules/identity/module'

/** The application: this list, and nothing else. */
export function modules(_settings: Pick<Settings, 'home' | 'files' | 'egress' | 'demo'>): readonly Module[] {
  return [identity, datasets]
}
