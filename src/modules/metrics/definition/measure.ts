/** From a measure to the states it needs, and from states to the value. */
import type { ColumnType } from '#core/dataset'
import type { Measure, MeasurePart } from '#core/metric'
import { divide, fraction, show, type Quantity, type Shown } from './quantity.ts'
import {
  countState,
  distinctState,
  extremeState,
  percentileError,
  percentileState,
  sumState,
  type State,
} from './states.ts'

/** Engine SQL over one row; null where the row has nothing to add. */
export interface Input {
  readonly name: string
  readonly sql: string
}

/** The texts of the states read out, by column. */
export type StateTexts = Readonly<Record<string, string | null>>

export interface CompiledMeasure {
  readonly inputs: readonly Input[]
  readonly states: readonly State[]
  readonly value: (texts: StateTexts) => Shown
  /** The value as a number in engine SQL over combined states. */
  readonly sql: string
  /** How far the value may be from the true one, relative to it; absent where it is exact or a floating-point sum. */
  readonly relativeError: number | undefined
}

/** What the compiler knows of a part: the SQL of its expression (`1` for counts) and its type. */
export interface PartSource {
  readonly sql: string
  readonly type: ColumnType
}

interface CompiledPart extends Omit<CompiledMeasure, 'value' | 'inputs'> {
  readonly input: Input
  readonly quantity: (texts: StateTexts) => Quantity
  /** The digits to show, where the quantity is a plain decimal. */
  readonly decimals: ((texts: StateTexts) => string | undefined) | undefined
}

/** `source` answers for the measure itself, or for `numerator` and `denominator` of a ratio. */
export function compileMeasure(measure: Measure, source: (part: MeasurePart) => PartSource): CompiledMeasure {
  if (measure.type !== 'ratio') {
    const part = compilePart(measure, source(measure), 0)
    return {
      inputs: [part.input],
      states: part.states,
      sql: part.sql,
      relativeError: part.relativeError,
      value: (texts) => show(part.quantity(texts), part.decimals?.(texts)),
    }
  }
  const top = summedFromZero(compilePart(measure.numerator, source(measure.numerator), 0), measure.numerator)
  const bottom = summedFromZero(compilePart(measure.denominator, source(measure.denominator), 1), measure.denominator)
  return {
    inputs: [top.input, bottom.input],
    states: [...top.states, ...bottom.states],
    sql: `(${top.sql}) / nullIf(${bottom.sql}, 0)`,
    relativeError: errorOfQuotient(top.relativeError, bottom.relativeError),
    value: (texts) => show(divide(top.quantity(texts), bottom.quantity(texts)), undefined),
  }
}

/** Alone, a sum of no values is null; in a ratio it is zero, so that a share of none is 0 % and not unknown. */
function summedFromZero(compiled: CompiledPart, part: MeasurePart): CompiledPart {
  const [state] = compiled.states
  if (part.type !== 'sum' || state === undefined) return compiled
  return {
    ...compiled,
    sql: state.number(state.column),
    quantity: (texts) => compiled.quantity(texts) ?? fraction('0'),
  }
}

function errorOfQuotient(top: number | undefined, bottom: number | undefined): number | undefined {
  if (top === undefined && bottom === undefined) return undefined
  return Number(((1 + (top ?? 0)) / (1 - (bottom ?? 0)) - 1).toPrecision(3))
}

/** Columns are named by the part's number: `s0`, `c0` for how many values there were, `l0` and `h0` for their least and greatest. */
function compilePart(part: MeasurePart, source: PartSource, number: number): CompiledPart {
  const input = { name: `@v${number}`, sql: source.sql }
  const value = `\`${input.name}\``
  const [column, counter] = [`s${number}`, `c${number}`]
  const plain = (state: State): CompiledPart => ({
    input,
    states: [state],
    sql: state.number(column),
    relativeError: undefined,
    quantity: (texts) => readQuantity(texts[column], source.type),
    decimals: source.type === 'number' && part.type !== 'distinct' ? undefined : (texts) => texts[column] ?? undefined,
  })
  switch (part.type) {
    case 'count': {
      return { ...plain(countState(column, value)), quantity: (texts) => fraction(texts[column] ?? '0') }
    }
    case 'distinct': {
      return {
        ...plain(distinctState(column, value, source.type)),
        quantity: (texts) => fraction(texts[column] ?? '0'),
      }
    }
    case 'min':
    case 'max':
      return plain(extremeState(column, value, source.type, part.type))
    case 'percentile':
      if (part.p > 0 && part.p < 100) return percentilePart(input, part.p, number)
      return plain(extremeState(column, value, source.type, part.p === 0 ? 'min' : 'max'))
    case 'sum':
    case 'avg': {
      const state = sumState(column, value, source.type)
      const count = countState(counter, value)
      const quantity = (texts: StateTexts): Quantity =>
        texts[counter] === '0' ? null : readQuantity(texts[column], source.type)
      if (part.type === 'avg') {
        return {
          input,
          states: [state, count],
          sql: `${state.number(column)} / nullIf(${counter}, 0)`,
          relativeError: undefined,
          quantity: (texts) => divide(quantity(texts), fraction(texts[counter] ?? '0')),
          decimals: undefined,
        }
      }
      return {
        input,
        states: [state, count],
        sql: `if(${counter} = 0, NULL, ${state.number(column)})`,
        relativeError: undefined,
        quantity,
        decimals:
          source.type === 'number'
            ? undefined
            : (texts) => (texts[counter] === '0' ? undefined : (texts[column] ?? undefined)),
      }
    }
  }
}

/** The sketch may lie outside of its values by its error, so the least and the greatest are kept beside it. */
function percentilePart(input: Input, p: number, number: number): CompiledPart {
  const value = `\`${input.name}\``
  const [column, counter, lowest, highest] = [`s${number}`, `c${number}`, `l${number}`, `h${number}`]
  const sketch = percentileState(column, value, p)
  const read = (texts: StateTexts, name: string): number | null => {
    const quantity = readQuantity(texts[name], 'number')
    return typeof quantity === 'number' ? quantity : null
  }
  return {
    input,
    states: [
      sketch,
      countState(counter, value),
      extremeState(lowest, `toFloat64(${value})`, 'number', 'min'),
      extremeState(highest, `toFloat64(${value})`, 'number', 'max'),
    ],
    sql: `if(${counter} = 0, NULL, least(greatest(${sketch.number(column)}, ${lowest}), ${highest}))`,
    relativeError: percentileError,
    quantity(texts) {
      const [estimate, low, high] = [read(texts, column), read(texts, lowest), read(texts, highest)]
      if (texts[counter] === '0' || estimate === null) return null
      return Math.min(Math.max(estimate, low ?? estimate), high ?? estimate)
    },
    decimals: undefined,
  }
}

function readQuantity(text: string | null | undefined, type: ColumnType): Quantity {
  if (text === null || text === undefined) return null
  if (type !== 'number') return fraction(text)
  const number = text === 'inf' ? Number.POSITIVE_INFINITY : text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text)
  return Number.isNaN(number) ? null : number
}
