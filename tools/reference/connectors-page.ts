import { noSettings, settingsSchema, sideSettings, type Connector } from '#sdk'
import { code, page, table } from './markdown.ts'

interface SettingSchema {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly writeOnly?: boolean
  readonly safe?: boolean
}

export function connectorsPage(connectors: readonly Connector[]): string {
  return page('Connectors', 'Where pipelines read and write, with the settings of each.', connectors.map(section))
}

function section(connector: Connector): string {
  const parts = [`## ${connector.type}`, `${connector.about} Proven against: ${connector.proven}.`]
  if (connector.source)
    parts.push('As a source:', settings(settingsSchema(sideSettings(connector, 'source') ?? noSettings)))
  if (connector.destination) {
    const { delivery, because } = connector.destination
    parts.push(
      `As a destination, ${delivery}: ${because}`,
      settings(settingsSchema(sideSettings(connector, 'destination') ?? noSettings)),
    )
  }
  return parts.join('\n\n')
}

function settings(schema: Record<string, unknown>): string {
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? [])
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, SettingSchema>)
  return table(
    ['setting', 'takes', 'meaning'],
    fields.map(([name, field]) => [
      code(name) + (required.has(name) ? ' (required)' : ''),
      takes(field),
      field.description ?? '',
    ]),
  )
}

function takes(field: SettingSchema): string {
  const kind = field.enum ? field.enum.map((value) => code(String(value))).join(', ') : (field.type ?? 'a definition')
  const secret = field.writeOnly ? ', kept secret' : field.safe ? ', keeps secrets' : ''
  return kind + secret + (field.default === undefined ? '' : `; ${code(JSON.stringify(field.default))} unless given`)
}
