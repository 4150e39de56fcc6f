/** `npm run format [-- path …]`: oxfmt over everything, or over the paths given. */
import { runInstalled } from './program.ts'

const given = process.argv.slice(2)
runInstalled('oxfmt', [
  '--write',
  ...(given.length > 0
    ? given
    : ['src', 'connectors', 'packs', 'tests', 'tools', 'bench', 'vite.config.ts', '--no-error-on-unmatched-pattern']),
])
