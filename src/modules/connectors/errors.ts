import { defineErrors } from '#core/errors'
import { egressErrors } from '#kernel/egress-errors'
import { networkFailures } from '#sdk'

export const connectorErrors = defineErrors('connectors', {
  unknown: {
    kind: 'not_found',
    title: 'Connector not found',
    says: (p: { type: string; known: string }) => `There is no connector "${p.type}"; there are ${p.known}.`,
    remedy: 'List the connectors with GET /api/v1/connectors.',
  },
  settings: {
    kind: 'invalid',
    title: 'Settings are not valid',
    says: (p: { type: string }) => `The settings of "${p.type}" are not valid.`,
    remedy: 'Correct the problems listed; GET /api/v1/connectors/{type} describes each setting.',
  },
  schema: {
    kind: 'bug',
    title: 'Settings of a connector are not understood',
    says: (p: { type: string; place: string; because: string }) =>
      `The connector "${p.type}" cannot be used: its setting "${p.place}" ${p.because}, so a secret in it could be stored or shown in clear.`,
    remedy: 'Describe the setting with a schema whose secrets can be found; see src/sdk/secrets.',
  },
  unsafe_override: {
    kind: 'bug',
    title: 'A setting could send secrets elsewhere',
    says: (p: { type: string; side: string; name: string }) =>
      `The connector "${p.type}" cannot be used: its connection and its ${p.side} both declare the setting "${p.name}", which is not declared safe, so a pipeline could send the secrets of a connection elsewhere.`,
    remedy: 'Declare the setting of the connection with .meta({ safe: true }), or take it out of one of the two.',
  },
  no_connection: {
    kind: 'not_found',
    title: 'Connection not found',
    says: (p: { name: string }) => `There is no connection "${p.name}" in this workspace.`,
    remedy: 'List the connections with GET /api/v1/connections.',
  },
  connection_taken: {
    kind: 'conflict',
    title: 'Connection name taken',
    says: (p: { name: string }) => `There is a connection "${p.name}" in this workspace already.`,
    remedy: 'Choose another name, or change that connection.',
  },
  connection_fixed: {
    kind: 'invalid',
    title: 'Name and type of a connection stay',
    says: (p: { name: string }) => `The name and the type of the connection "${p.name}" cannot be changed.`,
    remedy: 'Make another connection, and delete this one when nothing uses it.',
  },
  connection_used: {
    kind: 'conflict',
    title: 'Connection in use',
    says: (p: { name: string; by: readonly string[] }) => `The connection "${p.name}" is used by ${p.by.join(', ')}.`,
    remedy: 'Remove or change what uses it first.',
  },
  no_stream: {
    kind: 'invalid',
    title: 'Stream not found',
    says: (p: { name: string; connection: string }) =>
      `The connection "${p.connection}" has no stream "${p.name}". GET /api/v1/connections/${encodeURIComponent(p.connection)}/streams lists those it has.`,
    remedy: 'Choose one of the streams of the connection.',
  },
  cannot: {
    kind: 'invalid',
    title: 'The connector cannot do this',
    says: (p: { type: string; what: string }) => `The connector "${p.type}" cannot ${p.what}.`,
    remedy: 'Use another connector; "can" lists what each connector supports.',
  },
  outside: {
    kind: 'invalid',
    title: 'Path outside the folders of MILLRACE_FILES',
    says: (p: { path: string; folders: string }) =>
      `"${p.path}" is not inside a folder that pipelines may use (${p.folders}).`,
    remedy: 'Put the file into one of these folders, or name its folder in MILLRACE_FILES.',
  },
  file: {
    kind: 'invalid',
    title: 'File not found',
    says: (p: { path: string; folders: string }) => `There is no file "${p.path}" in ${p.folders}.`,
    remedy: 'Check the name; POST /api/v1/connectors/file/discover lists the files there are.',
  },
  linked: {
    kind: 'invalid',
    title: 'File with several names',
    says: (p: { path: string; names: number }) =>
      `"${p.path}" is one of ${p.names} names of the same file (hard links), and the others may lie outside the folders.`,
    remedy: 'Put a copy in its place: cp FILE FILE.copy && mv FILE.copy FILE.',
  },
  irregular: {
    kind: 'invalid',
    title: 'Not a plain file',
    says: (p: { path: string; what: string }) => `"${p.path}" is ${p.what}, not a plain file.`,
    remedy: 'Name a plain file.',
  },
  below_file: {
    kind: 'invalid',
    title: 'Folder is a file',
    says: (p: { path: string }) => `A folder in the path "${p.path}" is a file.`,
    remedy: 'Choose another path.',
  },
  no_folder: {
    kind: 'unavailable',
    title: 'No folder for files',
    says: (p: { workspace: string; folder: string }) =>
      `The folder "${p.folder}" for the files of the workspace "${p.workspace}" cannot be made or is a link.`,
    remedy:
      'Make it a folder that the server may write to; without the demo (MILLRACE_DEMO=0) none is needed for "demo".',
  },
  no_room: {
    kind: 'unavailable',
    title: 'No room to copy files',
    says: (p: { folder: string; bytes: number; free: number }) =>
      `The files that pipelines of other workspaces read are copied to "${p.folder}", which needs ${p.bytes} bytes; ${p.free} are free.`,
    remedy: 'Free some space, then start again; nothing has changed.',
  },
  many: {
    kind: 'invalid',
    title: 'Too many files',
    says: (p: { path: string; max: number }) => `"${p.path}" names more than ${p.max} files.`,
    remedy: 'Use a narrower pattern.',
  },
  ...egressErrors.$entries,
  ...networkFailures.$entries,
})
