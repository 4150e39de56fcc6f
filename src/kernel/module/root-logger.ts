import type { Logger } from './module.ts'

/** The logger of the whole process; modules get children that carry their name. */
export interface RootLogger extends Logger {
  child(bindings: object): Logger
}
