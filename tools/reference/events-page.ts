import { z } from 'zod'
import type { EventDefinition, Events, Listening } from '#kernel/events'
import type { Module } from '#kernel/module'
import { code, page, table } from './markdown.ts'

export function eventsPage(modules: readonly Module[]): string {
  const declared = modules.flatMap((module) => Object.values((module.events ?? {}) as Events))
  return page(
    'Events',
    'A module tells of its changes through events. They are kept with the change, and delivered to other modules at least once and in order per key.',
    [
      table(
        ['event', 'tells', 'fields', 'heard by'],
        declared.map((event) => [code(event.name), event.about, fieldsOf(event), listenersOf(modules, event)]),
      ),
    ],
  )
}

function fieldsOf({ schema }: EventDefinition): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties)
    .map(([name, field]) => {
      const choices = typeof field === 'object' ? field.enum : undefined
      return choices === undefined
        ? code(name)
        : `${code(name)} (${choices.map((each) => code(String(each))).join(', ')})`
    })
    .join(', ')
}

function listenersOf(modules: readonly Module[], { name }: EventDefinition): string {
  return modules
    .filter(({ listens }) => ((listens ?? []) as readonly Listening[]).some(({ event }) => event.name === name))
    .map((module) => module.name)
    .join(', ')
}
