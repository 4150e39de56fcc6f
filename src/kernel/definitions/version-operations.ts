/** The two operations that every definition with versions has. */
import { z } from 'zod'
import { isMillraceError, MillraceError } from '#core/errors'
import type { ObjectRef } from '#core/object-ref'
import { operation } from '../module/contract.ts'
import { cursors, Paging, type PageQuestion } from '../http/paging.ts'
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
/** Of the column that holds it. */
const maxVersion = 2_147_483_647

const versionNumber = z.coerce.number().int().min(1).max(maxVersion)

/** `params` of the restore operation: those of the object and the version. */
export const versionParam = { version: versionNumber }

const restoreQuery = z.object({
  current: versionNumber
    .optional()
    .describe('The version that the caller saw as the current one; another current one is a conflict.'),
})

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
      query: Paging,
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
      query: restoreQuery,
      answer: of.answer,
    }),
  }
}

/** What the handler of `versions` answers. */
export async function versionsPage(
  versions: DefinitionVersions,
  { workspace, ref, current }: { readonly workspace: string; readonly ref: ObjectRef; readonly current: KeptVersion },
  { limit, cursor }: PageQuestion,
): Promise<z.input<typeof versionsAnswer>> {
  const numbers = cursors(`${ref.kind}.versions:${ref.id}`, z.int().min(0).max(maxVersion))
  const { items, next } = await versions.page(workspace, ref, current, { limit, below: numbers.read(cursor) })
  return {
    items: items.map(({ changes, ...rest }) => ({
      ...rest,
      ...(changes === undefined ? {} : { changes: [...changes] }),
    })),
    next: next === null ? null : numbers.write(next),
  }
}

/** A restore takes no secrets: where one is needed, the problem says how to go on. */
export async function withRestoreAdvice<T>(
  { kind, version }: { readonly kind: string; readonly version: number },
  replace: () => Promise<T>,
): Promise<T> {
  try {
    return await replace()
  } catch (error) {
    if (!isMillraceError(error) || !error.problems.some(({ code }) => code === 'secret_needed')) throw error
    const advice = `A restore takes no secret: change the ${kind} to the settings of version ${version} and enter the secret there.`
    const problems = error.problems.map((problem) =>
      problem.code === 'secret_needed' ? { ...problem, message: `${problem.message} ${advice}` } : problem,
    )
    const { code, kind: errorKind, title, message: detail, remedy } = error
    throw new MillraceError({ code, kind: errorKind, title, detail, remedy, problems, cause: error })
  }
}
