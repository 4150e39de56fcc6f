import { defineModule } from '#kernel/module'
import { identity } from '#modules/identity'
import { live } from '#modules/live'
import { streams } from '#modules/streams'
import type { Pack } from '#sdk'
import { demoContract } from './contract.ts'
import { runFeed, type RunningFeed } from './feed.ts'
import { installPack } from './install.ts'

const workspace = 'demo'

/** The pack comes from the application, because a module does not see packs. */
export function demoModule(pack: Pack) {
  return defineModule({
    name: 'demo',
    about: 'Keeps a workspace of made-up data alive, so that there is something to look at.',
    needs: { identity, live, streams },
    permissions: { 'demo.read': 'See how far the demo has come.' },
    contract: demoContract,
    migrations: new URL('./migrations/', import.meta.url),
    async start({ needs, ports, packKinds, log, stopping }) {
      await needs.identity.ensureWorkspace({ id: workspace, title: pack.title, demo: true })
      let feeds: readonly RunningFeed[] = []
      return {
        handlers: {
          state: () => ({
            workspace,
            title: pack.title,
            about: pack.about,
            feeds: feeds.map((feed) => {
              const { until, ...state } = feed.state()
              return { ...state, until: until === undefined ? null : new Date(until).toISOString() }
            }),
          }),
        },
        begin: async () => {
          await installPack({ pack, workspace, kinds: packKinds(), metadata: ports.metadata })
          feeds = (pack.feeds ?? []).map((feed) =>
            runFeed({
              workspace,
              feed,
              streams: needs.streams,
              metadata: ports.metadata,
              clock: ports.clock,
              whenWatched: (signal) => needs.live.whenWatched(workspace, signal),
              log,
              stopping,
            }),
          )
        },
        stop: async () => {
          await Promise.all(feeds.map((feed) => feed.stop()))
        },
      }
    },
  })
}
