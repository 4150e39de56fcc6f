/** Every connector that comes with Millrace: the list, and nothing else. */
import type { Connector } from '#sdk'
import dataset from './dataset/connector.ts'
import file from './file/connector.ts'
import http from './http/connector.ts'
import postgresql from './postgresql/connector.ts'
import stream from './stream/connector.ts'

export const connectors: readonly Connector[] = [file, http, stream, postgresql, dataset]
