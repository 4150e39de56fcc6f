import { KpiStrip } from '#modules/metrics/web/KpiStrip'
import { Lately } from '#modules/pipelines/web/Lately'
import { PipelineHealth } from '#modules/pipelines/web/PipelineHealth'
import { Link } from '#ui/Link'
import { Page, PageHead, Section } from '#ui/Page'
import { useSession } from '../session.ts'
import { DemoTag } from '../shell/WorkspaceSwitcher.tsx'

const all = 'text-12 text-ink-3 hover:text-ink'

/** How things stand: the numbers, the pipelines, and what happened lately. */
export function Home() {
  const workspace = useSession()?.workspace
  return (
    <Page wide>
      <PageHead
        title="Home"
        state={workspace?.demo === true ? <DemoTag /> : undefined}
        about={
          workspace?.demo === true
            ? 'Everything here is made up and arrives all the time, so that there is something to look at.'
            : undefined
        }
      />
      <KpiStrip />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 lg:grid-cols-[minmax(0,1fr)_320px]">
        <Section
          title="Pipelines"
          actions={
            <Link to="/pipelines" className={all}>
              All pipelines
            </Link>
          }
        >
          <PipelineHealth />
        </Section>
        <Section title="Lately">
          <Lately />
        </Section>
      </div>
    </Page>
  )
}
