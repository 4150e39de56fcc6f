import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandEnded } from './exit.ts'
import { program } from './program.ts'

test('plan, apply and export say that they come later', async () => {
  for (const name of ['plan', 'apply', 'export'])
    for (const words of [[name], [name, 'shop']])
      await assert.rejects(
        program([], '0', {}).parseAsync(['node', 'millrace', ...words]),
        (error) =>
          error instanceof CommandEnded && error.exitCode === 2 && /not in this version yet/.test(error.message),
      )
})
