import { functions } from '#core/expression'
import { code, page, table } from './markdown.ts'

export function expressionsPage(): string {
  return page(
    'Expressions',
    'The language of measures, filters and computed columns. Names are columns (`amount`, or `` `odd name` `` in backticks), texts stand in single quotes.',
    [
      table(
        ['', 'operators'],
        [
          ['arithmetic', code('+ - * / %')],
          [
            'comparison',
            `${code('= != < <= > >=')}, ${code('between … and …')}, ${code('in (…)')}, ${code('like')}, ${code('ilike')}, ${code('is null')}`,
          ],
          ['logic', code('and or not')],
          ['choice', code('case when … then … else … end')],
        ],
      ),
      '## Functions',
      table(
        ['function', 'answers'],
        [...functions.values()].map((spec) => [code(spec.usage), spec.about]),
      ),
    ],
  )
}
