/** A definition line by line, in words; and what differs between two. */
import { placeTitle } from '#ui/place-title'
import { measureText } from './measure-text.ts'

/** A definition as it is kept, or as a form holds it while it is written. */
export interface DefinitionLike {
  readonly name: string
  readonly description?: unknown
  readonly dataset: string
  readonly time: string
  readonly measure: Parameters<typeof measureText>[0]
  readonly filter?: unknown
  readonly dimensions?: readonly string[] | undefined
  readonly unit?: unknown
  readonly direction?: unknown
  readonly target?: Readonly<Record<string, unknown>> | undefined
  readonly lateness?: unknown
}

export interface DefinitionLine {
  readonly title: string
  readonly text: string
  /** The numbers follow from it. */
  readonly counts: boolean
}

export function definitionLines(definition: DefinitionLike): DefinitionLine[] {
  const { filter, dimensions = [], target = {} } = definition
  const targets = Object.entries(target).map(([period, value]) => `${String(value)} a ${period}`)
  return [
    { title: 'Name', text: definition.name, counts: false },
    { title: 'Description', text: textOf(definition.description, 'none'), counts: false },
    { title: 'Measure', text: measureText(definition.measure), counts: true },
    { title: 'Dataset', text: definition.dataset, counts: true },
    { title: 'Time', text: definition.time, counts: true },
    { title: 'Rows that count', text: textOf(filter, 'every row'), counts: true },
    { title: 'Dimensions', text: dimensions.length === 0 ? 'none' : dimensions.join(', '), counts: true },
    { title: 'Unit', text: textOf(definition.unit, 'none'), counts: false },
    { title: 'Better when it goes', text: textOf(definition.direction, 'not said'), counts: false },
    { title: 'Target', text: targets.length === 0 ? 'none' : targets.join(', '), counts: false },
    { title: 'Final after', text: textOf(definition.lateness, '0s'), counts: false },
  ]
}

/** The label of a place in a definition, as its line has it: `filter` is "Rows that count". */
export function titleOfPlace(place: string): string {
  return placeTitle(place, lineTitles)
}

const lineTitles = {
  properties: {
    filter: { title: 'Rows that count' },
    direction: { title: 'Better when it goes' },
    lateness: { title: 'Final after' },
  },
}

export interface DefinitionChange {
  readonly title: string
  readonly from: string
  readonly to: string
  readonly counts: boolean
}

export function changesBetween(before: DefinitionLike, after: DefinitionLike): DefinitionChange[] {
  const now = definitionLines(after)
  return definitionLines(before).flatMap(({ title, text, counts }, index) => {
    const to = now[index]?.text ?? ''
    return text === to ? [] : [{ title, from: text, to, counts }]
  })
}

function textOf(value: unknown, none: string): string {
  return value === undefined ? none : typeof value === 'string' ? value : JSON.stringify(value)
}
