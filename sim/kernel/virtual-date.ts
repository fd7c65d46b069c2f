/**
 * `Date` on virtual time. fake-timers' own is not used: a world makes millions of dates, and that one gives each
 * a property of its own so that `constructor` is right, where the prototype can hold it for all.
 */

const RealDate = globalThis.Date;

/** Replaces `Date` until the returned function is called. */
export function installVirtualDate(now: () => number): () => void {
  // A function, because `Date()` without `new` is a text.
  function VirtualDate(...args: readonly unknown[]): Date | string {
    if (new.target === undefined) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target) as Date;
  }
  const { prototype } = RealDate;
  Object.defineProperties(VirtualDate, {
    name: { value: 'Date' },
    length: { value: RealDate.length },
    prototype: { value: prototype, writable: false },
    now: { value: now, writable: true, configurable: true },
    parse: { value: RealDate.parse, writable: true, configurable: true },
    UTC: { value: RealDate.UTC, writable: true, configurable: true },
  });
  prototype.constructor = VirtualDate;
  Reflect.set(globalThis, 'Date', VirtualDate);
  return () => {
    prototype.constructor = RealDate;
    Reflect.set(globalThis, 'Date', RealDate);
  };
}
