import { CommanderError } from 'commander'
import { modules } from '#apps/server/modules'
import { version } from '#apps/server/version'
import { ProblemError } from '#kernel/client'
import { readConfig } from '#kernel/server-settings'
import { exitCodeOf, exitCodes, explainError } from './exit.ts'
import { program } from './program.ts'

async function main(): Promise<number> {
  try {
    // Only read as data here; settings play no part in what commands there are.
    const list = modules(readConfig({}, '.millrace'))
    await program(list, version, process.env).parseAsync(process.argv)
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (error instanceof ProblemError && process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify(error.answer, undefined, 2)}\n`)
    process.stderr.write(`${explainError(error)}\n`)
    return exitCodeOf(error)
  }
}

process.stdout.on('error', () => process.exit(exitCodes.done))
process.exit(await main())
