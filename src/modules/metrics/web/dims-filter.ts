import { nameText, stringText } from '#core/expression-text'

/** The dimensions that a page is narrowed to, in the URL (`?f.region=north`) and as a filter. */
export type Chosen = Readonly<Record<string, string>>

const prefix = 'f.'
/** Means "no value" in the URL. */
export const noValue = '\u2205'

export function chosenIn(url: Readonly<Record<string, string | undefined>>): Chosen {
  const entries = Object.entries(url).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value] as const] : [],
  )
  return Object.fromEntries(entries)
}

export function urlName(dimension: string): string {
  return prefix + dimension
}

/** Every choice must hold; one may be left out, for the breakdown by that very dimension. */
export function filterOf(chosen: Chosen, without?: string): string | undefined {
  const parts = Object.entries(chosen)
    .filter(([name]) => name !== without)
    .map(([name, value]) =>
      value === noValue ? `${nameText(name)} is null` : `${nameText(name)} = ${stringText(value)}`,
    )
  return parts.length === 0 ? undefined : parts.join(' and ')
}
