/** JSON in which no digit of a number is lost, and paths into it. */
import { jsonPlace } from '#core/json-place'
import { parseJson } from '../json.ts'
import { httpFailures } from './errors.ts'

export type Json = unknown

/** The failure does not quote the text, as the parser does: a server may echo a secret. `record` counts lines of NDJSON. */
export function parseBody(text: string, url: string, record?: number): Json {
  try {
    return parseJson(text)
  } catch (error) {
    const because = error instanceof SyntaxError ? placeText(text) : 'it is nested too deeply.'
    throw httpFailures.json({ url, because: record === undefined ? because : `record ${record}: ${because}` })
  }
}

function placeText(text: string): string {
  const { reason, line, column } = jsonPlace(text)
  return `${reason} at line ${line}, column ${column}.`
}

/** `$.data.items`, `data.items[0].rows`, `$['odd name']`; `$` is the whole. */
export function at(value: Json, path: string): Json {
  let here = value
  for (const step of stepsOf(path)) {
    if (here === null || typeof here !== 'object') return undefined
    here = Object.hasOwn(here, step) ? (here as Record<string, unknown>)[step] : undefined
  }
  return here
}

export function stepsOf(path: string): readonly string[] {
  const steps: string[] = []
  let rest = path.trim().replace(/^\$/, '')
  while (rest !== '') {
    const step = /^\.?([A-Za-z_][\w-]*)|^\[(\d+)\]|^\['([^']*)'\]|^\["([^"]*)"\]/.exec(rest)
    if (step === null) throw httpFailures.path({ path })
    steps.push(step[1] ?? step[2] ?? step[3] ?? step[4] ?? '')
    rest = rest.slice(step[0].length)
  }
  return steps
}
