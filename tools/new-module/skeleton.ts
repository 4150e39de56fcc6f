import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const template = join(import.meta.dirname, 'template')

/** The files of a new module by their path in it: a table, an audited operation with its command, an event, a job, a page, a test. */
export function moduleFiles(name: string): Readonly<Record<string, string>> {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const title = name[0]!.toUpperCase() + name.slice(1).replaceAll('-', ' ')
  const words = {
    name,
    camel,
    Type: camel[0]!.toUpperCase() + camel.slice(1),
    Title: title,
    schema: name.replaceAll('-', '_'),
  }
  const filled = (text: string): string =>
    text.replace(/__(name|camel|Type|Title|schema)__/g, (_, word: keyof typeof words) => words[word])
  const paths = readdirSync(template, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.txt'))
  return Object.fromEntries(
    paths.map((path) => [filled(path.slice(0, -'.txt'.length)), filled(readFileSync(join(template, path), 'utf8'))]),
  )
}
