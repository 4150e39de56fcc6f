/** For tests: one command of the modules' command line, in this process, against a server that runs. */
import { program } from '#apps/cli/program'
import type { Module } from '#kernel/module'

export async function runCommandLine(modules: readonly Module[], url: string, words: readonly string[]): Promise<void> {
  const environment = { MILLRACE_URL: url, MILLRACE_TOKEN: 'default' }
  await program(modules, '0', environment).parseAsync(['--json', ...words], { from: 'user' })
}
