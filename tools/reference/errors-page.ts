import { errorKinds, type ErrorSpec } from '#core/errors'
import { code, page, table } from './markdown.ts'

type Catalogue = { readonly $entries: Readonly<Record<string, Pick<ErrorSpec<unknown>, 'kind' | 'title' | 'remedy'>>> }

export function errorsPage(catalogues: Readonly<Record<string, Catalogue>>): string {
  return page(
    'Errors',
    'An error is `application/problem+json` with a code that stays, the thing it is about, and what to do. `problems` lists everything that is wrong with a definition, each with its place.',
    Object.entries(catalogues).map(([area, catalogue]) =>
      [
        `## ${area}`,
        table(
          ['code', 'status', 'means', 'what to do'],
          Object.entries(catalogue.$entries).map(([name, entry]) => [
            code(`${area}.${name}`),
            String(errorKinds[entry.kind]),
            entry.title,
            entry.remedy ?? '',
          ]),
        ),
      ].join('\n\n'),
    ),
  )
}
