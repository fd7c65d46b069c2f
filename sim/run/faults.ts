/** The fault timeline of a scenario: what fails when, in virtual time. */
import type { RunRecord } from '../../reports/run-record.js';
import type { Clock } from '../kernel/services.js';
import type { Scenario } from '../scenario/load-scenario.js';
import type { FaultDocument } from '../scenario/schema.js';
import type { Camera } from './cameras.js';
import type { WorldServices } from './services-of-a-world.js';

interface Fault {
  readonly what: string;
  begin(): void;
  end(): void;
}

/** Sets a timer for the begin and the end of every fault. */
export function scheduleFaults(
  clock: Clock,
  scenario: Scenario,
  services: WorldServices,
  cameras: readonly Camera[],
): void {
  const { startMs } = scenario;
  for (const document of scenario.document.faults) {
    const { begin, end } = faultOf(document, services, cameras);
    const atMs = startMs + document.at;
    clock.after(atMs - clock.now(), begin);
    clock.after(atMs + document.for - clock.now(), end);
  }
}

export function faultsOfRecord(scenario: Scenario): RunRecord['faults'] {
  const iso = (ms: number) => new Date(scenario.startMs + ms).toISOString();
  return scenario.document.faults.map((fault) => ({
    fault: fault.what,
    from: iso(fault.at),
    to: iso(fault.at + fault.for),
    what: describe(fault),
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
  const what = describe(fault);
  switch (fault.what) {
    case 'link-down': {
      const link = services.links[fault.link];
      return { what, begin: () => link.cut(), end: () => link.restore() };
    }
    case 'face-down': {
      const link = services.links.face;
      return { what, begin: () => link.cut(), end: () => link.restore() };
    }
    case 'camera-off': {
      const camera = cameras.find(({ mount }) => mount.id === fault.camera);
      return { what, begin: () => void camera?.kit.powerOff(), end: () => camera?.kit.powerOn() };
    }
  }
}

function describe(fault: FaultDocument): string {
  switch (fault.what) {
    case 'link-down':
      return `the link '${fault.link}' is down`;
    case 'face-down':
      return 'the Face API cannot be reached';
    case 'camera-off':
      return `the camera '${fault.camera}' has no power`;
  }
}
