import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sqlString, sqlTokens } from './sql-text.ts'

const texts = (sql: string): readonly string[] => sqlTokens(sql).map((token) => token.text)

test('comments and white space are no tokens', () => {
  assert.deepEqual(texts('SELECT 1 -- one\n, /* ; */ 2 # three\n#! four\n;'), ['SELECT', '1', ',', '2', ';'])
})

test('strings, names and here-documents end where the engine ends them', () => {
  assert.deepEqual(texts(`'it''s' 'a\\'b' \`x\`\`y\` "z\\"" $t$ ' ; $t$ $$;$$`), [
    `'it''s'`,
    `'a\\'b'`,
    '`x``y`',
    '"z\\""',
    "$t$ ' ; $t$",
    '$$;$$',
  ])
  assert.deepEqual(
    sqlTokens('\'a\' `b` "c" $$d$$ e 1x').map((token) => token.kind),
    ['string', 'quoted', 'quoted', 'string', 'word', 'number'],
  )
})

test('what is not closed is broken, and ends the list', () => {
  for (const open of ["SELECT 'a", 'SELECT `a', 'SELECT /* a', "SELECT 'a\\'"])
    assert.equal(sqlTokens(open).at(-1)?.kind, 'broken')
})

test('a text written as a literal is one token, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '\\', '"', '`', '$', '-', '/', '*', '\n', ';', 'a', ' ', 'ü') }),
      (text) => {
        const tokens = sqlTokens(`${sqlString(text)} AS a`)
        assert.deepEqual(
          tokens.map((token) => token.kind),
          ['string', 'word', 'word'],
        )
      },
    ),
  )
})

test('tokens come in order and hold the text of their places', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '\\', '"', '`', '$', '-', '/', '*', '\n', ';', 'a', ' ', '1', '(', '#') }),
      (sql) => {
        let end = 0
        for (const token of sqlTokens(sql)) {
          assert.ok(token.start >= end && token.end > token.start)
          assert.equal(sql.slice(token.start, token.end), token.text)
          end = token.end
        }
      },
    ),
  )
})
