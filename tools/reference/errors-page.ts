import { errorKinds, type ErrorSpec } from '#core/errors'
import { code, page, table } from './markdown.ts'

type Catalogue = {
  readonly $area: string
  readonly $entries: Readonly<Record<string, Pick<ErrorSpec<unknown>, 'kind' | 'title' | 'remedy'>>>
}

export function errorsPage(catalogues: readonly Catalogue[]): string {
  const byArea = Map.groupBy(catalogues, ({ $area }) => $area)
  return page(
    'Errors',
    'An error is `application/problem+json` with a code that stays, the thing it is about, and what to do. `problems` lists everything that is wrong with a definition, each with its place.',
    [...byArea].map(([area, own]) =>
      [
        `## ${area}`,
        table(
          ['code', 'status', 'means', 'what to do'],
          own.flatMap(({ $entries }) =>
            Object.entries($entries).map(([name, entry]) => [
              code(`${area}.${name}`),
              String(errorKinds[entry.kind]),
              entry.title,
              entry.remedy ?? '',
            ]),
          ),
        ),
      ].join('\n\n'),
    ),
  )
}
