import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { parseKeepingDigits } from '#core/exact-json'
import { CommandEnded, exitCodes } from './exit.ts'

/** A definition from a file (`-`: standard input), JSON or YAML. `JSON.stringify` writes the numbers of JSON as they were. */
export function readDocument(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new CommandEnded(exitCodes.usage, `The file "${file}" cannot be read: ${(error as Error).message}.`)
  }
  return parseDocument(text, `the file "${file}"`)
}

export function parseDocument(text: string, where: string): unknown {
  try {
    return parseKeepingDigits(text)
  } catch {
    // YAML then; its parser also says best what is wrong with either.
  }
  try {
    return parse(text)
  } catch (error) {
    throw new CommandEnded(
      exitCodes.usage,
      `The text of ${where} is neither JSON nor YAML: ${(error as Error).message.split('\n', 1)[0]?.replace(/:$/, '.')}`,
    )
  }
}
