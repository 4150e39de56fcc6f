/** Where a module is named so that the application has it and the web shows its pages. */
export const lists = ['src/apps/server/modules.ts', 'src/apps/web/modules.ts'] as const

export type ModuleList = (typeof lists)[number]

/** The text of the list with the module as its last entry (in the server before the demo, which uses the others). */
export function registered(list: ModuleList, text: string, name: string): string {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const isServer = list === 'src/apps/server/modules.ts'
  const line = isServer
    ? `import ${camel} from '#modules/${name}/module'\n`
    : `import { pages as ${camel} } from '#modules/${name}/web'\n`
  const [anchor, entry] = isServer ? ['    ...(demo', `    ${camel},\n`] : ['\n]\n', `\n  ${camel},`]
  const [imports, place] = [text.lastIndexOf("from '#modules/"), text.lastIndexOf(anchor)]
  if (imports < 0 || place < imports)
    throw new Error(`${list} is not the list of modules that it was; add "${name}" to it.`)
  const endOfImports = text.indexOf('\n', imports) + 1
  return text.slice(0, endOfImports) + line + text.slice(endOfImports, place) + entry + text.slice(place)
}
