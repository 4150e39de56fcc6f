import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Option, type Command } from 'commander'
import { parseKeepingDigits } from '#core/exact-json'
import { callOperation } from '#kernel/client'
import type { Operation, RawBody } from '#kernel/contract'
import type { Module } from '#kernel/module'
import { pathNames } from '#kernel/path'
import { commandOf, operationsOf } from '#kernel/start-order'
import { parseDocument, readDocument } from './document.ts'
import { fieldOptions, givenValue, type FieldOption } from './schema-options.ts'
import { showAnswer, writeStream } from './output.ts'
import type { Session } from './session.ts'

/** One command per operation of the contracts, except where a command of that name is there already. */
export function addGeneratedCommands(program: Command, modules: readonly Module[], session: Session): void {
  for (const module of modules) {
    for (const [key, operation] of operationsOf(module)) {
      const words = commandOf(module, key, operation)?.split(' ')
      if (words === undefined) continue
      const parent = groupOf(program, words.slice(0, -1), module)
      const name = words.at(-1) ?? ''
      if (parent.commands.some((command) => command.name() === name)) continue
      const command = parent.command(name).description(operation.summary)
      if (parent === program) command.helpGroup('The API:')
      fillCommand(command, operation, session)
    }
  }
}

/** The command that the words before the last name. */
function groupOf(program: Command, words: readonly string[], module: Module): Command {
  let parent = program
  for (const word of words) {
    const known = parent.commands.find((command) => command.name() === word)
    parent =
      known ??
      parent
        .command(word)
        .description(word === module.name ? module.about : `Commands for ${word}.`)
        .helpGroup('The API:')
  }
  return parent
}

function fillCommand(command: Command, operation: Operation, session: Session): void {
  const names = pathNames(operation.path)
  for (const parameter of names) command.argument(`<${parameter}>`)
  const query = fieldOptions(
    operation.query,
    new Set(['all', 'data', 'file', 'output', 'content-type', 'json', 'home', 'url', 'token', 'help']),
  )
  const raw = rawBody(operation)
  const body = raw
    ? []
    : fieldOptions(
        operation.body as Exclude<Operation['body'], RawBody>,
        new Set([...query.map(({ field }) => field), 'data', 'file', 'json', 'home', 'url', 'token', 'help']),
      )
  for (const { option } of [...query, ...body]) command.addOption(option)
  // What is made or meant may simply be named: `token create ci` is `token create --name ci`.
  const named =
    names.length > 0 ? undefined : ['code', 'name'].flatMap((key) => body.filter((one) => one.field === key))[0]
  if (named) command.argument(`[${named.field}]`)
  if (raw)
    command
      .addOption(new Option('--file <file>', 'what to send; -: standard input').makeOptionMandatory())
      .option('--content-type <type>', `one of ${raw.contentTypes.join(', ')}`, raw.contentTypes[0])
  else if (operation.body)
    command
      .option('--data <json>', 'the body, as JSON or YAML')
      .option('--file <file>', 'the body from a JSON or YAML file; -: standard input')
  const pages = query.some(({ field }) => field === 'cursor')
  if (pages) command.option('--all', 'all pages, one after the other')
  if ('raw' in operation.answer)
    command.option('--output <file>', 'where to write the answer; default: standard output')
  command.addHelpText(
    'after',
    `\n${operation.description ? `${operation.description}\n\n` : ''}The same over HTTP: ${operation.method} ${operation.path}`,
  )

  command.action(async (...given: unknown[]) => {
    const options = command.opts<Record<string, unknown>>()
    const request = {
      params: Object.fromEntries(names.map((parameter, index) => [parameter, given[index]])),
      query: chosen(query, options),
      ...(operation.body &&
        (raw
          ? { body: fileStream(String(options['file'])), contentType: String(options['contentType']) }
          : { body: composedBody(body, { ...options, ...(named && nameGiven(named, given[0])) }) })),
    }
    return await session.use(async ({ url, token }) => {
      const server = { baseUrl: url, token, parse: parseKeepingDigits }
      const answer =
        options['all'] === true ? allPages(operation, request, server) : callOperation(operation, request, server)
      const result = await answer
      return result instanceof Response
        ? writeStream(result, options['output'] as string | undefined)
        : showAnswer(result, session.out(), operation.columns)
    })
  })
}

/** The items of all pages as one answer. */
async function allPages(...[operation, request, server]: Parameters<typeof callOperation>): Promise<unknown> {
  const items: unknown[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: 1000, ...request.query, ...(cursor !== undefined && { cursor }) }
    const page = (await callOperation(operation, { ...request, query }, server)) as {
      items: unknown[]
      next: string | null
    }
    items.push(...page.items)
    cursor = page.next
  }
  return { items, next: null }
}

function nameGiven({ option }: FieldOption, given: unknown): Record<string, unknown> {
  return given === undefined ? {} : { [option.attributeName()]: given }
}

function rawBody(operation: Operation): RawBody | undefined {
  return operation.body && 'raw' in operation.body ? operation.body : undefined
}

function chosen(fields: readonly FieldOption[], options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) =>
      givenValue(options, field) === undefined ? [] : [[field.field, field.read(givenValue(options, field))]],
    ),
  )
}

/** The document, with single fields typed on the command line over it. */
function composedBody(fields: readonly FieldOption[], options: Readonly<Record<string, unknown>>): unknown {
  const { data, file } = options as { data?: string; file?: string }
  const base = data !== undefined ? parseDocument(data, '--data') : file !== undefined ? readDocument(file) : undefined
  const typed = chosen(fields, options)
  // An empty object lets the server name each thing that is missing.
  if (Object.keys(typed).length === 0) return base ?? (fields.length > 0 ? {} : undefined)
  return typeof base === 'object' && base !== null && !Array.isArray(base) ? { ...base, ...typed } : typed
}

function fileStream(file: string): ReadableStream {
  const source = file === '-' ? process.stdin : createReadStream(file)
  return Readable.toWeb(source) as unknown as ReadableStream
}
