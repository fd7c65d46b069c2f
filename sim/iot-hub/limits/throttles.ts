/** The operation throttles of a hub ("IoT Hub quotas and throttling"): traffic is shaped, then refused. */
import type { KernelServices } from '../../kernel/services.js';
import type { HubLimits } from './limits.js';
import { Throttle } from './throttle.js';

/** What is metered apart from the rest. */
export type Operation =
  | 'connections'
  | 'twin-reads'
  | 'twin-updates'
  | 'registry'
  | 'queries'
  | 'cloud-to-device-sends'
  | 'cloud-to-device-receives'
  | 'file-uploads'
  | 'jobs'
  | 'configurations';

/** How long a request may wait for its turn before it is refused. */
const MAX_WAIT_MS = 10_000;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** A device whose connections drop one another again and again gets one a second. */
const TAKE_OVERS_PER_SECOND = 1;

export class Throttles {
  private readonly services: KernelServices;
  private readonly throttles: Readonly<Record<Operation, Throttle>>;
  private readonly takeOvers = new Map<string, Throttle>();

  constructor(services: KernelServices, limits: HubLimits) {
    this.services = services;
    const bySecond = (perSecond: number) => new Throttle(perSecond, MAX_WAIT_MS);
    // What is given a minute may come all at once.
    const byMinute = (perMinute: number) =>
      new Throttle((perMinute * SECOND_MS) / MINUTE_MS, MAX_WAIT_MS, MINUTE_MS);
    this.throttles = {
      connections: bySecond(limits.connectionsPerSecond),
      'twin-reads': bySecond(limits.twinReadsPerSecond),
      'twin-updates': bySecond(limits.twinUpdatesPerSecond),
      registry: byMinute(limits.registryPerMinute),
      queries: byMinute(limits.queriesPerMinute),
      'cloud-to-device-sends': byMinute(limits.cloudToDeviceSendsPerMinute),
      'cloud-to-device-receives': byMinute(limits.cloudToDeviceReceivesPerMinute),
      'file-uploads': byMinute(limits.fileUploadsPerMinute),
      jobs: byMinute(limits.jobsPerMinute),
      configurations: byMinute(limits.configurationsPerMinute),
    };
  }

  /** Waits for a place; false when there is none to be had. `key` orders what comes in the same instant. */
  turn(operation: Operation, key: string): Promise<boolean> {
    return this.wait(operation, key, this.throttles[operation]);
  }

  /** Waits until `name` may drop its other connection again; false when it should try later. */
  takeOver(name: string): Promise<boolean> {
    const throttle = this.takeOvers.get(name) ?? new Throttle(TAKE_OVERS_PER_SECOND, MAX_WAIT_MS);
    this.takeOvers.set(name, throttle);
    return this.wait('take-overs', name, throttle);
  }

  private wait(place: string, key: string, throttle: Throttle): Promise<boolean> {
    const { arbiter, clock } = this.services;
    return new Promise((resolve) => {
      arbiter.submit(`iot-hub/${place}`, key, () => {
        const waitMs = throttle.take(clock.now());
        if (waitMs === null) resolve(false);
        else if (waitMs === 0) resolve(true);
        else clock.after(waitMs, () => resolve(true));
      });
    });
  }
}
