import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { shortcutCollisions } from './shortcuts.ts'

const made: string[] = []
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** In two pieces, so that the boundary check does not take this file for one that imports it. */
const loads = (file: string): string => ['load: async () => (await import', `('./${file}')).Page`].join('')

function collisions(files: Record<string, string>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'shortcuts-'))
  made.push(root)
  const all = {
    'package.json': JSON.stringify({ imports: { '#ui/Table': './src/ui/Table.tsx' } }),
    'src/ui/Table.tsx': "useShortcut('/', 'Filter the rows', run)\n",
    'src/apps/web/Shell.tsx': "useShortcut('d', 'Light or dark', flip, 'Everywhere')\n",
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return shortcutCollisions(root)
}
const pages = (key: string): string =>
  `export const pages = { navigation: [{ to: '/a', key: '${key}' }], ${loads('Page.tsx')} }\n`

test('a key that two parts of a page bind to different things is found', () => {
  assert.deepEqual(
    collisions({
      'src/modules/a/web/pages.tsx': pages('a'),
      'src/modules/a/web/Page.tsx': "import { Table } from '#ui/Table'\nuseShortcut('/', 'Search the archive', run)\n",
    }),
    ["/: 'Search the archive' (src/modules/a/web/Page.tsx), 'Filter the rows' (src/ui/Table.tsx)"],
  )
})

test('a page that takes a key of the shell, and two pages with one key of the navigation, are found', () => {
  assert.deepEqual(
    collisions({
      'src/modules/a/web/pages.tsx': pages('a'),
      'src/modules/b/web/pages.tsx': pages('a').replace('/a', '/b'),
      'src/modules/a/web/Page.tsx': "useShortcut('d', 'Delete', run)\n",
    }),
    [
      "d: 'Light or dark' (src/apps/web/Shell.tsx), 'Delete' (src/modules/a/web/Page.tsx)",
      'g a: go to /a (src/modules/a/web/pages.tsx), go to /b (src/modules/b/web/pages.tsx)',
    ],
  )
})

test('the same meaning twice is no collision, nor are keys of different pages', () => {
  assert.deepEqual(
    collisions({
      'src/modules/a/web/pages.tsx': pages('a'),
      'src/modules/a/web/Page.tsx':
        "import { Table } from '#ui/Table'\nuseShortcut('/', 'Filter the rows', run)\nuseShortcut('e', 'Edit a', run)\n",
      'src/modules/b/web/pages.tsx': pages('b'),
      'src/modules/b/web/Page.tsx': "useShortcut('e', 'Edit b', run)\n",
    }),
    [],
  )
})

test('no page of the web binds a key twice', () => {
  assert.deepEqual(shortcutCollisions(join(import.meta.dirname, '..', '..')), [])
})
