/** What modules declare about events, checked as data before anything starts. */
import type { Events, Listening } from './events.ts'

export interface DeclaringModule {
  readonly name: string
  readonly events?: Events
  readonly listens?: readonly Listening[]
}

export function eventFaults(modules: readonly DeclaringModule[]): string[] {
  const declared = new Map(
    modules.flatMap(({ events = {} }) => Object.values(events).map((event) => [event.name, event] as const)),
  )
  return modules.flatMap((module) => [
    ...Object.entries(module.events ?? {})
      .filter(([key, event]) => event.name !== `${module.name}.${key}`)
      .map(
        ([key, { name }]) =>
          `The event "${key}" of "${module.name}" is named "${name}", and has to be "${module.name}.${key}".`,
      ),
    ...(module.listens ?? [])
      .filter(({ event }) => declared.get(event.name) !== event)
      .map(
        ({ event }) => `The module "${module.name}" listens to the event "${event.name}", which no module declares.`,
      ),
    ...doubledListens(module),
  ])
}

/** What the started module lacks, or brings too much. */
export function handlerFaults(
  { name, listens = [] }: DeclaringModule,
  on: Readonly<Record<string, unknown>> = {},
): string[] {
  const wanted = new Set(listens.map(({ event }) => event.name))
  return [
    ...[...wanted]
      .filter((event) => typeof on[event] !== 'function')
      .map((event) => `The module "${name}" brings no handler for the event "${event}".`),
    ...Object.keys(on)
      .filter((event) => !wanted.has(event))
      .map((event) => `The module "${name}" handles the event "${event}" and does not declare that it listens to it.`),
  ]
}

function doubledListens({ name, listens = [] }: DeclaringModule): string[] {
  const names = listens.map(({ event }) => event.name)
  return [...new Set(names.filter((event, index) => names.indexOf(event) !== index))].map(
    (event) => `The module "${name}" listens to the event "${event}" twice.`,
  )
}
