import { BlockRejected } from '#ports/log'
import { WarehouseError } from '#ports/warehouse'

/** The engine's refusal as `BlockRejected`, anything else as it came. */
export function asRejection(error: unknown): unknown {
  if (!(error instanceof WarehouseError) || error.kind !== 'data') return error
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
