/** The two operations that every definition with versions has. */
import { z } from 'zod'
import type { ObjectRef } from '#core/object-ref'
import { operation } from '../module/contract.ts'
import { kernelErrors } from '../problems/errors.ts'
import type { DefinitionVersions, KeptVersion } from './definition-versions.ts'

export const DefinitionVersion = z.object({
  version: z.number().int(),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
  definition: z.unknown(),
  changes: z
    .array(z.object({ at: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .optional()
    .describe('What is different from the version before.'),
})

export const versionsAnswer = z.object({ items: z.array(DefinitionVersion), next: z.string().nullable() })
export const versionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('at most this many'),
  cursor: z.string().max(100).optional().describe('"next" of the page before'),
})
/** `params` of the restore operation: those of the object and the version. */
export const versionParam = { version: z.coerce.number().int().min(1) }

export interface VersionedKind<P extends z.ZodObject, A extends z.ZodType> {
  /** `pipeline`, as in the audit trail. */
  readonly kind: string
  /** Of one object: `/api/v1/pipelines/{id}`. */
  readonly path: string
  readonly params: P
  /** The name of the parameter with the object's id. */
  readonly idParam: keyof z.output<P> & string
  readonly read: string
  readonly write: string
  readonly answer: A
}

export function versionOperations<P extends z.ZodObject, A extends z.ZodType>(of: VersionedKind<P, A>) {
  // The type of an extended generic shape is not resolved by itself.
  const restoreParams = of.params.safeExtend(versionParam) as unknown as z.ZodObject<P['shape'] & typeof versionParam>
  return {
    versions: operation({
      method: 'GET',
      path: `${of.path}/versions`,
      permission: of.read,
      summary: `The versions of a ${of.kind}, the latest first, with what changed from one to the next.`,
      params: of.params,
      query: versionsQuery,
      answer: versionsAnswer,
      columns: ['version', 'at', 'actor'],
    }),
    restore: operation({
      method: 'POST',
      path: `${of.path}/versions/{version}/restore`,
      permission: of.write,
      effect: 'write',
      subject: ({ params }) => ({ kind: of.kind, id: String((params as Record<string, unknown>)[of.idParam]) }),
      summary: `Make an earlier version of a ${of.kind} the current one, as a new version.`,
      params: restoreParams,
      answer: of.answer,
    }),
  }
}

/** What the handler of `versions` answers. */
export async function versionsPage(
  versions: DefinitionVersions,
  { workspace, ref, current }: { readonly workspace: string; readonly ref: ObjectRef; readonly current: KeptVersion },
  { limit, cursor }: z.output<typeof versionsQuery>,
): Promise<z.input<typeof versionsAnswer>> {
  const below = cursor === undefined ? undefined : Number(/^below-(\d{1,9})$/.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(below)) {
    const message = `There is no page "${cursor}". Use "next" of the page before.`
    const problem = { at: 'query.cursor', code: 'unknown_cursor', message }
    throw kernelErrors.invalidRequest({ count: 1 }, { problems: [problem] })
  }
  const { items, next } = await versions.page(workspace, ref, current, { limit, below })
  return {
    items: items.map(({ changes, ...rest }) => ({
      ...rest,
      ...(changes === undefined ? {} : { changes: [...changes] }),
    })),
    next: next === null ? null : `below-${next}`,
  }
}
