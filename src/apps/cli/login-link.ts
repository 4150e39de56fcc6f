import type { Command } from 'commander'
import { client } from '#kernel/client'
import { identityContract } from '#modules/identity/contract'
import { CommandEnded, exitCodes } from './exit.ts'
import type { Session } from './session.ts'
import { programName } from '#core/program-name'

export function addLoginLink(program: Command, session: Session): void {
  program
    .command('login-link')
    .description('Make a link that signs one browser in, once, within 15 minutes.')
    .option('--workspace <name>', 'where the browser begins', 'default')
    .action(async ({ workspace }: { workspace: string }) => {
      const out = session.out()
      await session.use(async ({ url, token, alone }) => {
        if (alone)
          throw new CommandEnded(
            exitCodes.unavailable,
            `No server runs on this home, so there is nothing to sign in to. Start it with "${programName} start", which prints a link.`,
          )
        const { path } = await client(identityContract, { baseUrl: url, token }).link({ body: { workspace } })
        const link = new URL(path, url).href
        out.print(out.json ? JSON.stringify({ link }) : link)
      })
    })
}
