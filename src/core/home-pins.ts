/** How many metrics one person may pin to Home: three rows of four tiles. */
export const maxPins = 12
