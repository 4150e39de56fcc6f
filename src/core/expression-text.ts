/**
 * Names and texts as the expression language writes them.
 *
 * ```ts
 * nameText('amount') // 'amount'
 * nameText('odd name') // '"odd name"'
 * stringText("it's") // "'it''s'"
 * ```
 */
const word = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u
const reserved = new Set('and or not in between like ilike is null true false case when then else end'.split(' '))

export function nameText(name: string): string {
  return word.test(name) && !reserved.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`
}

export function stringText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
