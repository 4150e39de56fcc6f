import { defineErrors } from '#sdk'

export const httpErrors = defineErrors('http', {
  status: {
    kind: 'unavailable',
    title: 'The server answered with an error',
    says: (p: { url: string; status: number }) => `"${p.url}" answered with status ${p.status}.`,
    remedy: 'Check the address, the token and the headers.',
  },
  json: {
    kind: 'invalid',
    title: 'Not JSON',
    says: (p: { url: string; because: string }) => `The answer of "${p.url}" is not JSON: ${p.because}`,
    remedy: 'Check the address; the source "http" reads JSON and NDJSON.',
  },
  path: {
    kind: 'invalid',
    title: 'Path is not valid',
    says: (p: { path: string }) => `"${p.path}" is not a valid JSON path.`,
    remedy: 'Write it as "$.data.items".',
  },
  records: {
    kind: 'invalid',
    title: 'No records at this path',
    says: (p: { url: string; path: string; found: string }) =>
      `The answer of "${p.url}" has ${p.found} at "${p.path}", not a list of records.`,
    remedy: 'Set "records" to the path of the list.',
  },
  pages: {
    kind: 'invalid',
    title: 'Too many pages',
    says: (p: { url: string; pages: number }) => `"${p.url}" has more than ${p.pages} pages.`,
    remedy: 'Raise "maxPages" of the pagination, or narrow the request.',
  },
})
