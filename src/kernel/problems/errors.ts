import { defineErrors } from '#core/errors'
import { programName } from '#core/program-name'

/** What can go wrong before a module has its say. */
export const kernelErrors = defineErrors('kernel', {
  malformedJson: {
    kind: 'malformed',
    title: 'Malformed JSON',
    says: (p: { line: number; column: number; reason: string }) =>
      `The body is not valid JSON: ${p.reason} at line ${p.line}, column ${p.column}.`,
    remedy: 'Correct it there and send it again.',
  },
  malformedRequest: {
    kind: 'malformed',
    title: 'Malformed request',
    says: (p: { reason: string }) => p.reason,
  },
  requestTimeout: {
    kind: 'too_slow',
    title: 'Request timeout',
    says: (_: object) => 'The request did not come completely in time.',
  },
  invalidRequest: {
    kind: 'invalid',
    title: 'Invalid request',
    says: (p: { count: number }) =>
      p.count === 1
        ? 'One thing in this request is wrong; see "problems".'
        : `${p.count} things in this request are wrong; see "problems".`,
  },
  unauthenticated: {
    kind: 'unauthenticated',
    title: 'Not signed in',
    says: (_: object) => 'This request needs a token or a signed-in session.',
    remedy:
      'Send "Authorization: Bearer <token>"; the admin token of an embedded server is in the file admin.token of its home.',
  },
  credentialEnded: {
    kind: 'unauthenticated',
    title: 'Credential ended',
    says: (_: object) => 'The token or session of this request was revoked, ended or changed while it was open.',
    remedy: 'Use another token, or sign in again.',
  },
  unknownKey: {
    kind: 'unavailable',
    title: 'Secret sealed with another key',
    says: (p: { id: string; known: string }) =>
      `A secret is sealed with the key "${p.id}", which this server does not have (it has ${p.known}).`,
    remedy:
      'Start the server with the MILLRACE_MASTER_KEY that it was sealed with, or restore secrets.key in the home; else enter the secret again.',
  },
  brokenSeal: {
    kind: 'unavailable',
    title: 'Secret cannot be opened',
    says: (p: { place: string }) =>
      `The secret kept for "${p.place}" cannot be opened: it was sealed for another place, with another key, or it was changed.`,
    remedy: 'Enter the secret again.',
  },
  forbidden: {
    kind: 'forbidden',
    title: 'Not allowed',
    says: (p: { actor: string; permission: string; allows: string }) =>
      `"${p.actor}" does not hold the permission "${p.permission}" (${p.allows}).`,
    remedy: `Use a token that holds it, or have one made with "${programName} token create".`,
  },
  unknownPath: {
    kind: 'not_found',
    title: 'Nothing here',
    says: (p: { method: string; path: string }) => `There is nothing at "${p.path}".`,
    remedy: 'See /docs or GET /openapi.json for all paths.',
  },
  wrongMethod: {
    kind: 'not_allowed',
    title: 'Wrong method',
    says: (p: { method: string; path: string; allowed: string }) =>
      `"${p.path}" does not take ${p.method}. It takes ${p.allowed}.`,
  },
  tooLarge: {
    kind: 'too_large',
    title: 'Body too large',
    says: (p: { limit: number }) =>
      `The body is larger than the ${p.limit.toLocaleString('en')} bytes this path takes.`,
    remedy: 'Send it in smaller parts.',
  },
  unsupportedContent: {
    kind: 'unsupported',
    title: 'Unsupported content type',
    says: (p: { found: string; expected: readonly string[] }) =>
      `This path does not take "${p.found}". It takes ${p.expected.join(', ')}.`,
    remedy: 'Send one of these and name it in the header.',
  },
  upgradeNeeded: {
    kind: 'malformed',
    title: 'WebSocket expected',
    says: (p: { path: string }) => `"${p.path}" is a WebSocket.`,
    remedy: 'Connect to it with a WebSocket client.',
  },
  starting: {
    kind: 'unavailable',
    title: 'Starting',
    says: (_: object) => 'The server is still starting.',
    remedy: 'Ask again in a moment; GET /ready tells when it is ready.',
  },
  stopping: {
    kind: 'unavailable',
    title: 'Stopping',
    says: (_: object) => 'The server is stopping.',
    remedy: 'Ask again when it is back.',
  },
  busy: {
    kind: 'unavailable',
    title: 'Too much at once',
    says: (_: object) => 'The server is taking as many large bodies as it can hold.',
    remedy: 'Send it again in a moment; a write with the same Idempotency-Key is safe to repeat.',
  },
  engineUnavailable: {
    kind: 'unavailable',
    title: 'Warehouse unavailable',
    says: (_: object) => 'The warehouse engine does not answer right now; it is being restarted.',
    remedy: 'Ask again in a few seconds. A write with the same Idempotency-Key is safe to repeat.',
  },
  metadataUnavailable: {
    kind: 'unavailable',
    title: 'Metadata unavailable',
    says: (_: object) => 'The metadata database does not answer right now.',
    remedy:
      'Ask again in a few seconds; GET /ready says why when it lasts. A write with the same Idempotency-Key is safe to repeat.',
  },
  deadline: {
    kind: 'timeout',
    title: 'Took too long',
    says: (_: object) => 'The warehouse did not finish within the time limit.',
    remedy: 'Ask for a shorter range or fewer rows.',
  },
  staleVersion: {
    kind: 'conflict',
    title: 'Changed by somebody else',
    says: (p: { kind: string; name: string; given: number; current: number }) =>
      `The ${p.kind} "${p.name}" has version ${p.current} now; this change is based on version ${p.given}.`,
    remedy:
      'Read it again and repeat the change, or send it without "version" (a restore: without "current") to overwrite what others changed.',
  },
  unknownVersion: {
    kind: 'not_found',
    title: 'No such version',
    says: (p: { kind: string; name: string; version: number }) =>
      `The ${p.kind} "${p.name}" has no version ${p.version} that was kept.`,
    remedy: 'List its versions. Changes before versions were introduced are not among them.',
  },
  diskFull: {
    kind: 'unavailable',
    title: 'Disk full',
    says: (_: object) => 'The disk that holds this server’s data is full; this request changed nothing.',
    remedy: 'Free some space, then send it again. Reading continues to work.',
  },
})
