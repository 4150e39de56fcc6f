import { z } from 'zod'
import { secretText } from '#sdk'
import { isWithin } from './path.ts'

const pagination = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('page'),
      parameter: z.string().default('page'),
      start: z.number().int().default(1),
      maxPages: z.number().int().min(1).max(10_000).default(1000),
    }),
    z.strictObject({
      type: z.literal('offset'),
      parameter: z.string().default('offset'),
      maxPages: z.number().int().min(1).max(10_000).default(1000),
    }),
    z.strictObject({
      type: z.literal('next'),
      at: z.string().default('$.next'),
      parameter: z.string().optional(),
      maxPages: z.number().int().min(1).max(10_000).default(1000),
    }),
    z.strictObject({ type: z.literal('link'), maxPages: z.number().int().min(1).max(10_000).default(1000) }),
  ])
  .default({ type: 'none' })

export const connectionSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'is an address that begins with http:// or https://' })
    .max(8000)
    .meta({ title: 'URL', description: 'The address of the data.' }),
  headers: z
    .record(
      z.string().regex(/^[\w-]+$/),
      secretText({ title: 'Value', description: 'Kept sealed, never shown again.' }).regex(/^[^\r\n]*$/),
    )
    .superRefine((headers, context) => {
      for (const name of Object.keys(headers))
        if (name.toLowerCase() === 'host')
          context.addIssue({ code: 'custom', path: [name], message: 'Put the host into "url"; it cannot be a header.' })
    })
    .default({})
    .meta({ title: 'Headers', description: 'Sent with each request; the values are kept sealed, never shown again.' }),
  user: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ title: 'User', description: 'Sent with the password (Basic authentication), where there is no token.' }),
  password: secretText({ title: 'Password', description: 'Of the user; kept sealed, never shown again.' }).optional(),
  token: secretText({
    title: 'Token',
    description: 'Sent as a bearer token; kept sealed, never shown again.',
  }).optional(),
})
export type HttpConnection = z.output<typeof connectionSettings>

export const streamSettings = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(8000)
    .refine(isWithin, 'Write a path of the same server, such as "orders?status=open": no address, no "..", no "\\".')
    .optional()
    .meta({
      title: 'Path',
      description: 'From the URL on, such as "orders?status=open", where a connection reads more than one.',
      safe: true,
    }),
  method: z
    .enum(['GET', 'POST'])
    .default('GET')
    .meta({ title: 'Method', description: 'The method of the request.', safe: true }),
  body: z
    .string()
    .max(1_000_000)
    .optional()
    .meta({ title: 'Body', description: 'What is sent with POST.', safe: true }),
  records: z
    .string()
    .max(500)
    .default('$')
    .meta({ title: 'Records', description: 'The path of the list of records, such as "$.data.items".', safe: true }),
  pagination: pagination.meta({
    title: 'Pagination',
    description:
      'How the next page is requested: page, offset, next (the answer has its address or a mark), or link (the Link header).',
    safe: true,
  }),
  timeoutSeconds: z
    .number()
    .min(1)
    .max(300)
    .default(30)
    .meta({ title: 'Timeout', description: 'Seconds one request may take.', safe: true }),
  maxMegabytes: z
    .number()
    .min(1)
    .max(1000)
    .default(100)
    .meta({ title: 'Largest answer', description: 'Megabytes one answer may have.', safe: true }),
})
export type HttpSettings = HttpConnection & z.output<typeof streamSettings>
