import type { Command } from 'commander'
import { CommandEnded, exitCodes } from './exit.ts'

const commands = ['plan', 'apply', 'export'] as const

/** Commands of the outside contract that a later version brings: they are named instead of unknown. */
export function addNotYet(program: Command): void {
  for (const name of commands)
    program
      .command(name, { hidden: true })
      .argument('[folder]')
      .action(() => {
        throw new CommandEnded(
          exitCodes.usage,
          `"millrace ${name}" is not in this version yet; it comes with definitions kept in folders. Until then use the API or its commands, such as "millrace pipelines create".`,
        )
      })
}
