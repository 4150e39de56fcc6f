import type { ConsumerGroup, Position, TopicName } from '#ports/log'
import type { Metadata } from '#ports/metadata'
import { logErrors } from './errors.ts'
import { warehousePositions } from './positions.ts'

export function consumerGroup(metadata: Metadata, topic: TopicName, name: string): ConsumerGroup {
  const sql = metadata.system
  const key = [topic.workspace, topic.name, name]
  const position = async (): Promise<Position> => {
    const { rows } = await sql.query<{ position: string }>(
      'select position::text as position from log.consumer where workspace = $1 and topic = $2 and name = $3',
      key,
    )
    return rows[0] === undefined ? warehousePositions.start : warehousePositions.decode(rows[0].position)
  }
  const put = async (to: Position, guard: string): Promise<number> => {
    const { affected } = await sql.query(
      `insert into log.consumer (workspace, topic, name, position) values ($1, $2, $3, $4::bigint)
       on conflict (workspace, topic, name) do update set position = excluded.position ${guard}`,
      [...key, to],
    )
    return affected
  }
  return {
    position,
    async commit(to) {
      if ((await put(to, 'where log.consumer.position <= excluded.position')) === 0) {
        throw logErrors.backwards({ group: name, at: await position(), asked: to })
      }
    },
    async seek(to) {
      await put(to, '')
    },
  }
}
