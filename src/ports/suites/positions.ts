import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { BadPosition, type Position, type Positions } from '../log.ts'

/** Any positions of one topic, whose set of rows the test knows. */
export interface PositionsUnderTest {
  readonly positions: Positions
  readonly position: fc.Arbitrary<Position>
  /** The rows up to a position, by partition. */
  readonly rowsUpTo: (position: Position) => readonly bigint[]
}

/** The algebra of positions, against the sets of rows that they stand for. */
export function registerPositionsSuite(name: string, { positions, position, rowsUpTo }: PositionsUnderTest): void {
  const { covers, merge, advance, rowsBetween, decode, start } = positions
  const holds = (one: Position, other: Position): boolean =>
    rowsUpTo(one).every((rows, partition) => rows >= (rowsUpTo(other)[partition] ?? 0n))
  const checked = (...property: Parameters<typeof fc.property<[Position, Position, Position]>>): void =>
    fc.assert(fc.property(...property))

  describe(`positions: ${name}`, () => {
    test('covers is a partial order with the start below all', () => {
      checked(position, position, position, (a, b, c) => {
        assert.equal(covers(a, b), holds(a, b))
        assert.ok(covers(a, a) && covers(a, start))
        if (covers(a, b) && covers(b, a)) assert.equal(a, b)
        if (covers(a, b) && covers(b, c)) assert.ok(covers(a, c))
      })
    })

    test('merge is the least position that covers both', () => {
      checked(position, position, position, (a, b, c) => {
        const both = merge(a, b)
        assert.ok(covers(both, a) && covers(both, b))
        if (covers(c, a) && covers(c, b)) assert.ok(covers(c, both))
        assert.equal(merge(b, a), both)
        assert.equal(merge(merge(a, b), c), merge(a, merge(b, c)))
        assert.equal(merge(a, a), a)
        assert.equal(merge(a, start), a)
      })
    })

    test('a position is its text: decoding gives it back, and nothing else is read', () => {
      fc.assert(fc.property(position, (a) => assert.equal(decode(String(a)), a)))
      assert.equal(decode('0'), start)
      fc.assert(
        fc.property(fc.string(), (text) => {
          try {
            assert.equal(decode(decode(text)), decode(text))
          } catch (error) {
            assert.ok(error instanceof BadPosition)
          }
        }),
      )
    })

    test('a slice has the rows that its end has more than its beginning', () => {
      checked(position, position, position, (a, b) => {
        const to = merge(a, b)
        const more = rowsUpTo(to).reduce((sum, rows, partition) => sum + rows - (rowsUpTo(a)[partition] ?? 0n), 0n)
        assert.equal(rowsBetween(a, to), Number(more))
      })
    })

    test('advance moves by as many rows as are allowed and there', () => {
      fc.assert(
        fc.property(position, position, fc.integer({ min: 1, max: 50 }), (a, b, maxRows) => {
          const to = merge(a, b)
          const next = advance(a, to, maxRows)
          assert.ok(covers(next, a) && covers(to, next))
          assert.equal(rowsBetween(a, next), Math.min(maxRows, rowsBetween(a, to)))
        }),
      )
    })
  })
}
