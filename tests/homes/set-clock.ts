/**
 * Preloaded into a server (`node --import`): moves its clock by MILLRACE_TEST_CLOCK_MS, so that an old home is
 * opened as if a minute had passed. Ids that are remembered for a day or a month are then not expired yet.
 */
const offset = Number(process.env['MILLRACE_TEST_CLOCK_MS'] ?? 0)
const Real = globalThis.Date

if (offset !== 0) {
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [Real.now() + offset] : args, newTarget) as Date,
    apply: () => new Real(Real.now() + offset).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => Real.now() + offset : (Reflect.get(target, name, receiver) as unknown),
  })
}
