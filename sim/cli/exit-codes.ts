/** Exit codes, a contract: scripts depend on them. */
export const EXIT = {
  /** Every expectation and invariant held. */
  ok: 0,
  /** One did not. */
  notMet: 1,
  /** Bad input: usage, scenario, query, footage. */
  badInput: 2,
  /** A component could not start, or broke. */
  componentFailed: 3,
  /** Interrupted, after writing what there was. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
