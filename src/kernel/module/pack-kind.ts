/** A kind of definition that a pack may hold: which field of the pack, and how one of them is made. */
export interface PackKind {
  /** The field of the pack that holds them: `datasets`. */
  readonly field: string
  /** One of them, for the record of what was made: `dataset`. */
  readonly kind: string
  nameOf(definition: unknown): string
  /** Makes it in the workspace. One that is there already stays as it is. */
  install(workspace: string, definition: unknown, from: PackOrigin): Promise<void>
}

export interface PackOrigin {
  readonly pack: string
  /** The module that installs the pack; pipelines run with its rights. */
  readonly module: string
}
