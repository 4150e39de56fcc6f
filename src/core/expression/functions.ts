import { choiceFunctions } from './functions-choice.ts'
import type { FunctionSpec } from './function-spec.ts'
import { numberFunctions } from './functions-number.ts'
import { textFunctions } from './functions-text.ts'
import { timeFunctions } from './functions-time.ts'

/** The only functions there are: nothing else of the engine can be called. */
export const functions: ReadonlyMap<string, FunctionSpec> = new Map(
  Object.entries({ ...textFunctions, ...numberFunctions, ...timeFunctions, ...choiceFunctions }),
)
