export interface Crossing {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly says: string
}
