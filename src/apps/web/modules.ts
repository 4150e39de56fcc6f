import { pages as audit } from '#modules/audit/web'
import { pages as connectors } from '#modules/connectors/web'
import { pages as dashboards } from '#modules/dashboards/web'
import { pages as datasets } from '#modules/datasets/web'
import { pages as events } from '#modules/events/web'
import { pages as jobs } from '#modules/jobs/web'
import { pages as mails } from '#modules/mails/web'
import { pages as metrics } from '#modules/metrics/web'
import { pages as pipelines } from '#modules/pipelines/web'
import type { ModulePages } from '#ui/page-route'

/** The capabilities whose pages the web shows, in the order of the navigation. */
export const modules: readonly ModulePages[] = [
  pipelines,
  connectors,
  datasets,
  metrics,
  dashboards,
  jobs,
  events,
  mails,
  audit,
]
