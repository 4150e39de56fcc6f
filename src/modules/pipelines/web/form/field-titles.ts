/** Fields of a pipeline by their labels, where a place or a sentence names them as the definition does. */
import type { FieldProblem, JsonSchema } from '#ui/json-schema'
import { placeTitle, withFieldTitles } from '#ui/place-title'
import type { ConnectorItem, Side } from '../pipeline-api.ts'

type Ends = Readonly<Record<Side, { readonly type: string }>>

/** The label of a place in the definition: `source.config.url`. */
export function titleOfPlace(ends: Ends, connectors: readonly ConnectorItem[]): (place: string) => string {
  const endOf = (side: Side): JsonSchema => ({
    properties: { config: { ...settingsOf(side, ends, connectors), title: '' } },
  })
  const step = { properties: { config: { title: '' } } }
  const schema = {
    properties: {
      source: endOf('source'),
      destination: endOf('destination'),
      transformations: { title: 'Step', items: step },
      quality: { title: 'Quality rule' },
    },
  }
  return (place) => placeTitle(place, schema)
}

/** A problem whose sentence names settings of an end by their labels. */
export function titledProblem(ends: Ends, connectors: readonly ConnectorItem[]) {
  return <P extends FieldProblem>(problem: P): P => {
    const side = (['source', 'destination'] as const).find((one) => problem.at.startsWith(`${one}.`))
    return side === undefined ? problem : withFieldTitles(problem, settingsOf(side, ends, connectors))
  }
}

function settingsOf(side: Side, ends: Ends, connectors: readonly ConnectorItem[]): JsonSchema {
  return connectors.find(({ type }) => type === ends[side].type)?.settings[side] ?? {}
}
