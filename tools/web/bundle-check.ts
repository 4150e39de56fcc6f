/** `node tools/web/bundle-check.ts`: builds the web when it is stale and fails when its entry is too large. */
import { join } from 'node:path'
import { ensureWeb } from '../bootstrap/web.mjs'
import { root } from '../program.ts'
import { checkEntrySize } from './bundle-size.ts'

ensureWeb(root, process.execPath)
const { ok, says } = checkEntrySize(join(root, 'dist', 'web'))
console.log(says)
process.exitCode = ok ? 0 : 1
