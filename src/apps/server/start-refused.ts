/** Something the person who starts it can put right; told without a stack. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}
