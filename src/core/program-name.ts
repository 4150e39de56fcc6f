/**
 * What one types to start this command line: a clone has it in `bin`, the package puts it on the path.
 *
 * ```ts
 * programName // 'bin/millrace'
 * ```
 */
export const programName = import.meta.url.endsWith('.ts') ? 'bin/millrace' : 'millrace'
