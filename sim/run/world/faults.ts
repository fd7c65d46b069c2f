/** The fault timeline of a scenario: what fails when, in virtual time. */
import type { RunRecord } from '../../../reports/run-record.js';
import type { Clock } from '../../kernel/services.js';
import type { Link } from '../../network/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { FaultDocument } from '../../scenario/schema.js';
import type { Camera } from './cameras.js';
import { beginDeviceFault, describeDeviceFault } from './device-faults.js';
import type { WorldServices } from './services-of-a-world.js';

/** Begins a fault; what it gives ends it, and tells what it did, in words, where there is more to tell than that. */
type Fault = () => () => string | null;

/** What the faults did, by their places in the scenario; null until they are over, or when there is no more to tell. */
export type FaultEffects = readonly (string | null)[];

/** Sets timers for the begin and the end of every fault. */
export function scheduleFaults(
  clock: Clock,
  scenario: Scenario,
  services: WorldServices,
  cameras: readonly Camera[],
): FaultEffects {
  const { startMs } = scenario;
  const effects: (string | null)[] = scenario.document.faults.map(() => null);
  for (const [index, document] of scenario.document.faults.entries()) {
    const begin = faultOf(document, services, cameras);
    const atMs = startMs + document.at;
    clock.after(atMs - clock.now(), () => {
      const end = begin();
      clock.after(document.for, () => {
        effects[index] = end();
      });
    });
  }
  return effects;
}

export function faultsOfRecord(scenario: Scenario, effects: FaultEffects): RunRecord['faults'] {
  const iso = (ms: number) => new Date(scenario.startMs + ms).toISOString();
  return scenario.document.faults.map((fault, index) => ({
    fault: fault.what,
    from: iso(fault.at),
    to: iso(fault.at + fault.for),
    what: describe(fault),
    effect: effects[index] ?? null,
  }));
}

/** When the last fault of the scenario is over. */
export function lastFaultEndMs(scenario: Scenario): number {
  return Math.max(
    scenario.startMs,
    ...scenario.document.faults.map(({ at, for: ms }) => scenario.startMs + at + ms),
  );
}

function faultOf(fault: FaultDocument, services: WorldServices, cameras: readonly Camera[]): Fault {
  const { faults } = services.faceApi;
  switch (fault.what) {
    case 'link-down':
      return () => outage(services.links[fault.link]);
    case 'face-down':
      return () => outage(services.links.face);
    case 'camera-off':
    case 'clock-skew':
    case 'module-crash':
      return () => silently(beginDeviceFault(fault, cameras));
    case 'face-crash':
      return () => faults.crash(fault.replica, fault.answer);
    case 'face-restart':
      return () => faults.restart(fault.for);
    case 'face-error':
      return () =>
        faults.inject({
          operation: fault.operation ?? null,
          status: fault.status ?? null,
          retryAfterSeconds: fault.retryAfter === undefined ? null : Math.ceil(fault.retryAfter / 1_000),
          extraMs: fault.latency,
          share: fault.share,
          most: fault.count ?? null,
        });
  }
}

function outage(link: Link): () => null {
  link.cut();
  return () => {
    link.restore();
    return null;
  };
}

function silently(end: () => void): () => null {
  return () => {
    end();
    return null;
  };
}

function describe(fault: FaultDocument): string {
  switch (fault.what) {
    case 'link-down':
      return `the link '${fault.link}' is down`;
    case 'face-down':
      return 'the Face API cannot be reached';
    case 'camera-off':
    case 'clock-skew':
    case 'module-crash':
      return describeDeviceFault(fault);
    case 'face-crash':
      return `replica ${fault.replica} of the Face API has crashed`;
    case 'face-restart':
      return 'the replicas of the Face API restart one after the other';
    case 'face-error':
      return describeErrors(fault);
  }
}

function describeErrors(fault: Extract<FaultDocument, { what: 'face-error' }>): string {
  const which = fault.operation ?? 'requests to the Face API';
  const share = fault.share < 1 ? `${Math.round(fault.share * 100)} % of ` : '';
  const count = fault.count === undefined ? '' : `, at most ${fault.count}`;
  const effects = [
    ...(fault.status === undefined ? [] : [`answered ${fault.status}`]),
    ...(fault.latency === 0 ? [] : [`slower by ${fault.latency} ms`]),
  ];
  return `${share}${which}${count}: ${effects.join(', ') || 'untouched'}`;
}
