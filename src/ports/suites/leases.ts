import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { LeaseHeld, LeaseLost, type Leases } from '../leases.ts'
import type { Metadata } from '../metadata.ts'

export interface LeasesUnderTest {
  readonly leases: Leases
  /** A database where the suite makes a table of its own, in the schema `lease_suite`. */
  readonly metadata: Metadata
  /** Leases of another process over the same names; absent where there is only one process. */
  readonly other?: Leases
  /** Makes the first process look dead: its leases may be taken, and it does not know yet. */
  readonly lapse?: () => Promise<void>
  /** Lets the first process look at what it holds. */
  readonly notice?: () => Promise<void>
  closed(): Promise<void>
}

export function registerLeasesSuite(name: string, open: () => Promise<LeasesUnderTest>): void {
  describe(`leases: ${name}`, () => {
    let under: LeasesUnderTest
    before(async () => {
      under = await open()
      await under.metadata.script(
        'create schema if not exists lease_suite; create table if not exists lease_suite.note (text text primary key)',
      )
    })
    after(async () => {
      await under.leases.close()
      await under.other?.close()
      await under.closed()
    })
    const insert = 'insert into lease_suite.note (text) values ($1)'
    const notes = async (): Promise<string[]> =>
      (await under.metadata.system.query<{ text: string }>('select text from lease_suite.note')).rows.map(
        ({ text }) => text,
      )

    test('tokens of a name grow with each acquisition', async () => {
      const first = await under.leases.acquire('grow')
      await first.release()
      const second = await under.leases.acquire('grow')
      assert.ok(second.fencingToken > first.fencingToken)
      await second.release()
    })

    test('a token is above what the caller has seen elsewhere, and so are all later ones', async () => {
      const high = await under.leases.acquire('above', { above: 1_000n })
      assert.ok(high.fencingToken > 1_000n)
      await high.release()
      const next = await under.leases.acquire('above', { above: 5n })
      assert.ok(next.fencingToken > high.fencingToken)
      await next.release()
    })

    test('a name has one holder at a time; names do not hinder each other', async () => {
      const held = await under.leases.acquire('one')
      await assert.rejects(under.leases.acquire('one'), LeaseHeld)
      await (await under.leases.acquire('two')).release()
      await held.release()
      await (await under.leases.acquire('one')).release()
    })

    test('who waits gets the lease when it is released', async () => {
      const held = await under.leases.acquire('wait')
      const waiting = under.leases.acquire('wait', { waitMs: under.leases.takeOverMs })
      await held.release()
      const next = await waiting
      assert.ok(next.fencingToken > held.fencingToken)
      await next.release()
    })

    test('waiting ends with its signal', async () => {
      const held = await under.leases.acquire('stop waiting')
      const stop = new AbortController()
      const waiting = under.leases.acquire('stop waiting', { waitMs: 20_000, signal: stop.signal })
      stop.abort(new Error('enough'))
      await assert.rejects(waiting, /enough/)
      await held.release()
    })

    test('the holder writes; after a release its statements and transactions write nothing', async () => {
      const lease = await under.leases.acquire('write')
      await lease.query(under.metadata.system, insert, ['held'])
      await under.metadata.system.transaction(async (session) => {
        await lease.guard(session)
        await session.query(insert, ['held too'])
      })
      await lease.release()
      await lease.release()
      await assert.rejects(lease.query(under.metadata.system, insert, ['late']), LeaseLost)
      await assert.rejects(
        under.metadata.system.transaction(async (session) => {
          await lease.guard(session)
          await session.query(insert, ['late too'])
        }),
        LeaseLost,
      )
      assert.equal(lease.lost.aborted, false)
      assert.deepEqual((await notes()).toSorted(), ['held', 'held too'])
    })

    test('work for a workspace can be guarded', async () => {
      const lease = await under.leases.acquire('workspace')
      const sql = under.metadata.inWorkspace('default')
      assert.deepEqual(
        (await lease.query(sql, 'select 1 as n')).rows.map((row) => ({ ...row })),
        [{ n: 1 }],
      )
      await lease.release()
      await assert.rejects(lease.query(sql, 'select 1 as n'), LeaseLost)
    })

    test('what another process holds is not to be had, and the refusal names the holder', async (context) => {
      const { leases, other } = under
      if (other === undefined) return context.skip('one process only')
      const held = await leases.acquire('elsewhere')
      await assert.rejects(
        other.acquire('elsewhere'),
        (error) => error instanceof LeaseHeld && /process \d+ on /.test(error.message),
      )
      await held.release()
      await (await other.acquire('elsewhere')).release()
    })

    test('a lapsed holder is replaced, writes nothing any more, and hears of it', async (context) => {
      const { leases, other, lapse, notice, metadata } = under
      if (other === undefined || lapse === undefined) return context.skip('one process only')
      const stale = await leases.acquire('lapsed')
      await lapse()
      const fresh = await other.acquire('lapsed')
      assert.ok(fresh.fencingToken > stale.fencingToken)
      await assert.rejects(stale.query(metadata.system, insert, ['stale']), LeaseLost)
      await fresh.query(metadata.system, insert, ['fresh'])
      await notice?.()
      assert.ok(stale.lost.aborted)
      assert.ok(stale.lost.reason instanceof LeaseLost)
      await stale.release()
      await fresh.query(metadata.system, insert, ['fresh still'])
      await fresh.release()
      assert.ok(!(await notes()).includes('stale'))
    })

    test('a take-over waits for a guarded transaction that is under way', async (context) => {
      const { leases, other, lapse, metadata } = under
      if (other === undefined || lapse === undefined) return context.skip('one process only')
      const stale = await leases.acquire('under way')
      const order: string[] = []
      const guarded = Promise.withResolvers<void>()
      const goOn = Promise.withResolvers<void>()
      await lapse()
      const writing = metadata.system.transaction(async (session) => {
        await stale.guard(session)
        guarded.resolve()
        await goOn.promise
        await session.query(insert, ['under way'])
        order.push('written')
      })
      await guarded.promise
      const taking = other.acquire('under way').then((lease) => {
        order.push('taken over')
        return lease
      })
      goOn.resolve()
      await writing
      await (await taking).release()
      assert.deepEqual(order, ['written', 'taken over'])
    })

    test('closing releases everything', async (context) => {
      const { leases, other, metadata } = under
      if (other === undefined) return context.skip('one process only')
      const held = await other.acquire('closing')
      await other.close()
      const next = await leases.acquire('closing')
      assert.ok(next.fencingToken > held.fencingToken)
      await assert.rejects(held.query(metadata.system, insert, ['closed']), LeaseLost)
      await next.release()
    })
  })
}
