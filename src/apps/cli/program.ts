import { Command } from 'commander'
import type { Module } from '#kernel/module'
import type { Environment, GlobalOptions } from './connection.ts'
import { addDoctor } from './doctor.ts'
import { exitCodeHelp } from './exit.ts'
import { addGeneratedCommands } from './generated.ts'
import { addIngest } from './ingest.ts'
import { addLoginLink } from './login-link.ts'
import { addNotYet } from './not-yet.ts'
import { addQuery } from './query.ts'
import { addRun } from './run.ts'
import { session } from './session.ts'
import { addInit, addStart } from './start.ts'
import { programName } from '#core/program-name'

/** The whole command line: the commands written here, then one for each operation of the contracts. */
export function program(modules: readonly Module[], version: string, environment: Environment): Command {
  const root = new Command('millrace')
    .description('Turns raw data into live numbers.')
    .version(version)
    .exitOverride()
    .option('--json', 'print JSON, for programs')
    .option('--home <folder>', 'the home (MILLRACE_HOME); default: the nearest .millrace from here upwards')
    .option('--url <address>', 'a server elsewhere (MILLRACE_URL)')
    .option('--token <token>', 'who asks (MILLRACE_TOKEN); default: the admin token of the home')
    .showHelpAfterError('(add --help to see what the command takes)')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `\n${exitCodeHelp}\n\nFirst steps:\n  ${programName} start\n  ${programName} ingest orders orders.ndjson\n  ${programName} query "select count() from orders"`,
    )
  const shared = session(() => root.opts<GlobalOptions>(), environment)
  for (const add of [addStart, addInit, addDoctor, addLoginLink, addRun, addQuery, addIngest]) add(root, shared)
  addGeneratedCommands(root, modules, shared)
  addNotYet(root)
  return root
}
