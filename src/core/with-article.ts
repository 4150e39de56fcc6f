/**
 * A word, such as the type of a column, with its article for logs and errors.
 *
 * ```ts
 * import { withArticle } from '#core/with-article'
 *
 * withArticle('string') // 'a string'
 * withArticle('integer') // 'an integer'
 * ```
 */
export function withArticle(word: string): string {
  return `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`
}
