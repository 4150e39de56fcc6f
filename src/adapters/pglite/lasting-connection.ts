import { connect } from './connection.ts'
import type { Connection } from './connection.ts'
import type { DatabaseSettings } from './protocol.ts'

/** The connection that a turn works with: the same for the whole of it, another one when the last has ended. */
export interface LastingConnection {
  current(): Promise<Connection>
}

/** Starts the database again after it ended, at most once a second. */
export async function lastingConnection(settings: DatabaseSettings): Promise<LastingConnection> {
  let connection = await connect(settings)
  let failure: { at: number; error: unknown } | undefined
  return {
    current: async () => {
      if (!connection.isBroken()) return connection
      if (failure !== undefined && Date.now() - failure.at < 1000) throw failure.error
      // Two threads on one folder would spoil it.
      await connection.end()
      try {
        connection = await connect(settings)
        failure = undefined
        return connection
      } catch (error) {
        failure = { at: Date.now(), error }
        throw error
      }
    },
  }
}
