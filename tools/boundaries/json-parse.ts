import type { LineRule } from './line-rules.ts'
import { unitOf } from './units.ts'

/** Lines that call `JSON.parse`, which gives some properties wrong names: `src/core/parse-json.ts` says which. */
export const jsonParse: LineRule = {
  rule: 'json-parse',
  mayBreak: (path) => unitOf(path).layer === 'core',
  find: (code, path) => {
    if (!/\bJSON\.parse\b/.test(code)) return undefined
    const outside = /^(connectors|packs)\//.test(path)
    const instead = outside ? '"parseJson" of the SDK' : '"parseJsonValue" of "#core/parse-json"'
    return `calls "JSON.parse", which can give a property a wrong name; call ${instead}`
  },
}
