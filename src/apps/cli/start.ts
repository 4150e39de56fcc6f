import { performance } from 'node:perf_hooks'
import type { Command } from 'commander'
import { findHome, openHome } from '#kernel/home'
import { HomeInUse } from '#kernel/home-lock'
import type { Session } from './session.ts'
import { programName } from '#core/program-name'

export function addStart(program: Command, session: Session): void {
  program
    .command('start')
    .description('Start the server on the home, with everything embedded.')
    .option('--host <host>', 'where to listen (MILLRACE_HOST)')
    .option('--port <port>', 'where to listen (MILLRACE_PORT)')
    .option('--no-demo', 'without the demo workspace (MILLRACE_DEMO=0)')
    .action(async ({ host, port, demo }: { host?: string; port?: string; demo: boolean }) => {
      const environment = {
        ...session.environment,
        ...(host !== undefined && { MILLRACE_HOST: host }),
        ...(port !== undefined && { MILLRACE_PORT: port }),
        ...(!demo && { MILLRACE_DEMO: '0' }),
      }
      await serve(environment, session)
    })
}

async function serve(environment: Session['environment'], session: Session): Promise<void> {
  const out = session.out()
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  const [{ startServer }, { keepServing }, { version }] = await Promise.all([
    import('#apps/server'),
    import('#apps/server/keep-serving'),
    import('#apps/server/version'),
  ])
  out.say(`Millrace ${version}`)
  const server = await startServer({
    environment,
    cwd: process.cwd(),
    purpose: 'server',
    onStep: (step) => out.say(`  ${seconds().padStart(6)}  ${step}`),
  })
  const link = await server.signInLink()
  if (out.json)
    out.print(JSON.stringify({ url: server.url, home: server.settings.home, signInLink: link, pid: process.pid }))
  else for (const line of readyLines({ ...server, home: server.settings.home, link, after: seconds() })) out.print(line)
  await keepServing(server)
}

export function readyLines(ready: {
  readonly url: string
  readonly home: string
  readonly link: string
  readonly after: string
  readonly pages: boolean
}): readonly string[] {
  return [
    `Ready after ${ready.after}`,
    `  Address  ${ready.url}`,
    `  Home     ${ready.home}`,
    `  Sign in  ${ready.link}`,
    `           (works once, for 15 minutes; "${programName} login-link" makes another)`,
    ...(ready.pages
      ? []
      : [
          '  Pages    The web pages are not built, so the link shows none. Stop the server',
          '           and start it with "npm start", which builds them. The API works without.',
        ]),
  ]
}

export function addInit(program: Command, session: Session): void {
  program
    .command('init')
    .description('Make a home here (or in MILLRACE_HOME), without starting anything.')
    .action(async () => {
      const out = session.out()
      const path = session.environment['MILLRACE_HOME']
        ? findHome(session.environment, process.cwd())
        : `${process.cwd()}/.millrace`
      const { version } = await import('#apps/server/version')
      try {
        const home = openHome(path, { purpose: 'millrace init', version })
        home.close()
        out.say(
          home.fresh
            ? `Made the home "${path}". Start it with "${programName} start".`
            : `The home "${path}" is there already.`,
        )
      } catch (error) {
        if (!(error instanceof HomeInUse)) throw error
        out.say(`The home "${path}" is there already, and a server runs on it.`)
      }
      if (out.json) out.print(JSON.stringify({ home: path }))
    })
}
