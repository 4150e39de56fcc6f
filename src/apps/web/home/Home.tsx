import { lazy, Suspense } from 'react'
import { Boundary } from '#ui/Boundary'
import { Link } from '#ui/Link'
import { Skeleton } from '#ui/Nothing'
import { Page, PageHead, Section } from '#ui/Page'
import type { HomePart } from '#ui/page-route'
import { modules } from '../modules.ts'
import { useSession } from '../session.ts'
import { DemoTag } from '../shell/WorkspaceSwitcher.tsx'

const parts = modules
  .flatMap(({ home }) => home ?? [])
  .map((part) => ({ ...part, Content: lazy(async () => ({ default: await part.load() })) }))

/** The state of the workspace: numbers, pipelines and recent events, each part brought by its module. */
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
      <Parts place="top" />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="min-w-0">
          <Parts place="main" />
        </div>
        <div className="min-w-0">
          <Parts place="side" />
        </div>
      </div>
    </Page>
  )
}

function Parts({ place }: { readonly place: HomePart['place'] }) {
  return parts
    .filter((part) => part.place === place)
    .map(({ title, all, mayBeEmpty = false, Content }, index) => {
      const content = (
        <Boundary key={title ?? index}>
          <Suspense fallback={mayBeEmpty ? null : <Skeleton className="h-36 w-full" />}>
            <Content />
          </Suspense>
        </Boundary>
      )
      if (title === undefined) return content
      return (
        <Section
          key={title}
          title={title}
          actions={
            all !== undefined && (
              <Link to={all.to} className="text-12 text-ink-3 hover:text-ink">
                {all.title}
              </Link>
            )
          }
        >
          {content}
        </Section>
      )
    })
}
