/** Records of a source in a stage, as a retry finds them again. */
import type { RecordMember } from '#plans/scan'
import type { Stages } from './stage.ts'

export interface StagedRecords {
  /** The table, with its database. */
  readonly place: string
  readonly rows: number
  readonly members: readonly RecordMember[]
  /** What the source gave with the last of them; `null` when it gave none. */
  readonly state: unknown
}

/** Reading that continues behind the rows of an earlier one. */
export interface Resume {
  readonly state: unknown
  /** Records of an earlier attempt, in place of reading. */
  readonly staged?: StagedRecords
  /** Keeps its tables when those of the run are cleared. */
  readonly stages: Stages
}
