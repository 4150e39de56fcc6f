/** The URL of an entry file beside `here`, as source (`.ts`) or built (`.js`), whichever `here` is. */
export function besideThisFile(name: string, here: string): URL {
  return new URL(`./${name}${here.endsWith('.ts') ? '.ts' : '.js'}`, here)
}
