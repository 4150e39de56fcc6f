import { connectors } from '#connectors'
import type { Settings } from '#kernel/config'
import type { Module } from '#kernel/module'
import { connectorsModule } from '#modules/connectors/module'
import datasets from '#modules/datasets/module'
import explore from '#modules/explore/module'
import identity from '#modules/identity/module'
import metrics from '#modules/metrics/module'
import pipelines from '#modules/pipelines/module'
import streams from '#modules/streams/module'

/** The application: this list, and nothing else. */
export function modules({ home, files, egress }: Pick<Settings, 'home' | 'files' | 'egress' | 'demo'>): readonly Module[] {
  return [identity, datasets, streams, metrics, explore, connectorsModule({ connectors, home, files, egress }), pipelines]
}
