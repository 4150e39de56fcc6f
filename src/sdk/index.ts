/** The only door for connectors and packs: `#sdk` in this house, `millrace/sdk` from outside. `defineConnector` has the example. */
export { defaultPermission, defineConnector, sourceModes } from './connector.ts'
export type {
  ConnectionCode,
  ConnectionSpec,
  Connector,
  ConnectorSpec,
  DestinationCode,
  DestinationSpec,
  Inside,
  ReadFrom,
  SourceCode,
  SourceMode,
  SourceSpec,
  SourceStream,
  StreamsCode,
  StreamsSpec,
} from './connector.ts'
export { inlineSettings, noSettings, sideSettings, unsafeOverrides } from './inline-settings.ts'
export { ConnectorFailure, defineFailures, diagnosisOf, failureKinds, failureOf, isTransient } from './failure.ts'
export type { Diagnosis, Failure, FailureCatalogue, FailureKind, FailureSpec } from './failure.ts'
export type { Position } from '#core/position'
export type { Slice } from './slice.ts'
export { loadModes, loadModeSetting } from './load-mode.ts'
export type { LoadMode } from './load-mode.ts'
export { batchesOf, linesOf, maxBatchBytes } from './batches.ts'
export type { Batch, BatchReading, BatchRecord } from './batches.ts'
export { parseJson } from './json.ts'
export { countText } from '#core/count-text'
export { withArticle } from '#core/with-article'
export { firstInstant, lastInstant } from '#core/expression'
export type { EngineColumn, EngineReading, Reading, RejectedRow, TolerantReading } from './reading.ts'
export type { BatchWriter, Loaded, LoadRequest, Part, SelectWriter, Writer } from './writing.ts'
export { jsonLinesSettings, jsonLinesSql } from './json-lines.ts'
export type {
  DatasetAccess,
  Engine,
  Files,
  FoundDataset,
  ReadableDataset,
  HttpHop,
  HttpHopAnswer,
  Network,
  Surroundings,
} from './surroundings.ts'
export { httpClient } from './http/client.ts'
export type { ClientRequest, HttpClient, HttpOptions, HttpPage, HttpStream } from './http/client.ts'
export type { HttpAuth } from './http/auth.ts'
export { recordsOf } from './http/decode.ts'
export type { BodyFormat } from './http/decode.ts'
export { httpFailures, networkFailures } from './http/errors.ts'
export { at } from './http/json-path.ts'
export { pagesOf } from './http/pages.ts'
export type { PagesRequest, Pagination, RecordPage } from './http/pages.ts'
export { keepSecrets } from './secrets/kept-secrets.ts'
export type { Change, KeptSecrets } from './secrets/kept-secrets.ts'
export { secretsFingerprint } from './secrets/declared-secrets.ts'
export { misplacedSecrets } from './secrets/misplaced-secrets.ts'
export { schemaFaults } from './secrets/schema-faults.ts'
export type { SchemaFault } from './secrets/schema-faults.ts'
export {
  fillSecrets,
  isEmptySecret,
  mapSecrets,
  maskSecrets,
  secretPlaces,
  takeSecrets,
  withoutSecretTexts,
} from './secrets/secret-values.ts'
export { secretsInUrls } from './secrets/url-secrets.ts'
export { secretText, settingsSchema } from './settings.ts'
export { bound, join, literal, name, raw, render, secret, secretsIn, show, sql, text } from './sql.ts'
export type { Bound, RenderedSql, Sql } from './sql.ts'
export { missingDataset, missingDatasetSentence } from '#core/missing-dataset'
export type { EngineFailure, ReadingFailure, UnreadableBecause } from '#core/engine-failure'
export { Column, ColumnTypeText, columnTypeOf, engineType, Name, quoteName, reservedDatasets } from '#core/dataset'
export type { ColumnType, DatasetSpec } from '#core/dataset'
export type { EngineSettings } from '#core/engine-settings'
export { isJsonSql, jsonMemberSql, jsonTextSql } from '#core/json-text'
export { defineErrors, isMillraceError, MillraceError } from '#core/errors'
export type { Problem } from '#core/errors'
export { definePack } from './pack.ts'
export type { Definition, Feed, Pack, PackPipeline } from './pack.ts'
