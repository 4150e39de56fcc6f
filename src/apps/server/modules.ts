import { connectors } from '#connectors'
import type { Settings } from '#kernel/config'
import type { Module } from '#kernel/module'
import { connectorsModule } from '#modules/connectors/module'
import datasets from '#modules/datasets/module'
import identity from '#modules/identity/module'

/** The application: this list, and nothing else. */
export function modules({ home, files, egress }: Pick<Settings, 'home' | 'files' | 'egress'>): readonly Module[] {
  return [identity, datasets, connectorsModule({ connectors, home, files, egress })]
}
