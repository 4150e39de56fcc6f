import { defineModule } from '#kernel/module'
import type { Pack } from '#sdk'
import { demoContract } from './contract.ts'
import { runFeed } from './feed.ts'
import { installPack } from './install.ts'
import { needs } from './needs.ts'

const workspace = 'demo'

/** The pack comes from the application, because a module does not see packs. */
export function demoModule(pack: Pack) {
  return defineModule({
    name: 'demo',
    about: 'Keeps a workspace of made-up data alive, so that there is something to look at.',
    needs,
    permissions: { 'demo.read': 'See how far the demo has come.' },
    contract: demoContract,
    migrations: new URL('./migrations/', import.meta.url),
    async start({ needs: given, ports, log, stopping }) {
      await given.identity.ensureWorkspace({ id: workspace, title: pack.title, demo: true })
      await installPack({ pack, workspace, given, metadata: ports.metadata })
      const feeds = (pack.feeds ?? []).map((feed) =>
        runFeed({
          workspace,
          feed,
          streams: given.streams,
          metadata: ports.metadata,
          clock: ports.clock,
          whenWatched: (signal) => given.live.whenWatched(workspace, signal),
          log,
          stopping,
        }),
      )
      return {
        face: {},
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
        stop: async () => {
          await Promise.all(feeds.map((feed) => feed.stop()))
        },
      }
    },
  })
}
