import { connectors } from '#connectors'
import type { Settings } from '#kernel/server-settings'
import type { Module } from '#kernel/module'
import { connectorsModule } from '#modules/connectors/module'
import audit from '#modules/audit/module'
import dashboards from '#modules/dashboards/module'
import datasets from '#modules/datasets/module'
import { demoModule } from '#modules/demo/module'
import events from '#modules/events/module'
import explore from '#modules/explore/module'
import identity from '#modules/identity/module'
import live from '#modules/live/module'
import jobs from '#modules/jobs/module'
import mails from '#modules/mails/module'
import metrics from '#modules/metrics/module'
import monitoring from '#modules/monitoring/module'
import pipelines from '#modules/pipelines/module'
import streams from '#modules/streams/module'
import shop from '#packs/shop'

/** The application: this list, and nothing else. */
export function modules({ home, files, demo }: Pick<Settings, 'home' | 'files' | 'demo'>): readonly Module[] {
  return [
    identity,
    audit,
    jobs,
    events,
    mails,
    datasets,
    streams,
    metrics,
    live,
    dashboards,
    explore,
    connectorsModule({ connectors, home, files }),
    pipelines,
    monitoring,
    ...(demo ? [demoModule(shop)] : []),
  ]
}
