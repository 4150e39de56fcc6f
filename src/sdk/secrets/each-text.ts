/** The texts in settings, with their places and what schemas say of each. */
import { fieldStep, placeOf } from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { isRecord, schemasInside, viewOf } from './schema-view.ts'

export function eachText(
  schema: Schema,
  settings: unknown,
  see: (text: string, place: string, schemas: readonly Schema[]) => void,
): void {
  const go = (schemas: readonly Schema[], value: unknown, steps: string): void => {
    if (typeof value === 'string') return see(value, placeOf(steps), schemas)
    const view = viewOf(schemas, value)
    if (Array.isArray(value)) value.forEach((item, index) => go(schemasInside(view, index), item, `${steps}[${index}]`))
    else if (isRecord(value))
      for (const [name, field] of Object.entries(value)) go(schemasInside(view, name), field, steps + fieldStep(name))
  }
  go([schema], settings, '')
}
