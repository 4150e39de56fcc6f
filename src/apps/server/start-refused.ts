/** Something the person who starts it can put right; shown without a stack. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}
