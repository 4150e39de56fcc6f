import { connect, type Connection, type Environment, type GlobalOptions } from './connection.ts'
import { output, type Output } from './output.ts'

/** What every command needs: where the server is, and where words go. */
export interface Session {
  readonly environment: Environment
  out(): Output
  /** Opens a connection for one piece of work and ends it, whatever comes. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>
}

export function session(options: () => GlobalOptions, environment: Environment): Session {
  const withHome = (): Environment => {
    const { home } = options()
    return home === undefined ? environment : { ...environment, MILLRACE_HOME: home }
  }
  const out = () => output(options().json ?? false)
  return {
    get environment() {
      return withHome()
    },
    out,
    async use(work) {
      const connection = await connect(options(), withHome(), out().say)
      try {
        return await work(connection)
      } finally {
        await connection.close()
      }
    },
  }
}
