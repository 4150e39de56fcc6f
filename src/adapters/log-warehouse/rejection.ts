import { BlockRejected } from '#ports/log'
import { WarehouseError } from '#ports/warehouse'

/** ClickHouse's numbers for "this data does not fit", as against "I cannot work just now". */
const dataFaults: ReadonlySet<number> = new Set([
  6, 25, 26, 27, 32, 33, 34, 38, 41, 43, 53, 69, 70, 72, 117, 131, 190, 321, 349, 395, 407, 467, 473, 632, 636, 691,
])

/** The engine's refusal as `BlockRejected`, anything else as it came. */
export function asRejection(error: unknown): unknown {
  if (!(error instanceof WarehouseError) || !dataFaults.has(error.code)) return error
  return new BlockRejected(sentence(error.message), { cause: error })
}

const ours = /millrace: (.*?)(?:: while executing|\. \(|: In scope|$)/s

function sentence(message: string): string {
  const said = ours.exec(message)?.[1]
  if (said !== undefined) return said
  const unknown = /Unknown field found while parsing JSONEachRow format: (.*?): \(at row/.exec(message)
  if (unknown) return `column "${unknown[1]}" is not part of the dataset`
  return message
    .replace(/^.*?DB::Exception: /s, '')
    .replace(/ ?\(in file\/uri [^)]*\)/g, '')
    .replace(/: (?:While executing|while executing).*$/s, '')
    .slice(0, 500)
    .trim()
}
