/**
 * The IoT Edge hub of a device: takes the messages of its modules and sends those that a route leads upstream.
 * Messages are handed over one at a time; what cannot go now stays with the module that sent it, which keeps it in
 * its own store.
 */
import { z } from 'zod';
import type { OutgoingMessage, Properties } from '../../pipeline/camera-module/hub-connection.js';
import { type Route, readRoute, takes } from './routes.js';

/** What `$edgeHub` makes of its desired properties. */
export interface EdgeHubStatus {
  readonly code: 200 | 400;
  readonly description: string;
}

const routeText = z.union([z.string(), z.object({ route: z.string() }).transform(({ route }) => route)]);
const hubSchema = z.object({
  schemaVersion: z.string(),
  routes: z.record(z.string(), routeText),
  storeAndForwardConfiguration: z.object({ timeToLiveSecs: z.number().positive() }).partial().default({}),
});

/** "storeAndForwardConfiguration.timeToLiveSecs", the default. */
const DEFAULT_TIME_TO_LIVE_SECONDS = 7200;

export class EdgeHub {
  private routes: readonly Route[] = [];
  private timeToLiveSeconds = DEFAULT_TIME_TO_LIVE_SECONDS;
  private unroutedMessages = 0;
  private configured = false;
  private awaiting: (() => void)[] = [];
  private readonly sendUpstream: (module: string, message: OutgoingMessage) => Promise<void>;
  private readonly onUnrouted: (module: string, message: OutgoingMessage) => void;

  constructor(
    sendUpstream: (module: string, message: OutgoingMessage) => Promise<void>,
    onUnrouted: (module: string, message: OutgoingMessage) => void,
  ) {
    this.sendUpstream = sendUpstream;
    this.onUnrouted = onUnrouted;
  }

  get timeToLiveMs(): number {
    return this.timeToLiveSeconds * 1000;
  }

  get unrouted(): number {
    return this.unroutedMessages;
  }

  /** Takes its desired properties over; malformed ones change nothing. */
  configure(desired: Properties): EdgeHubStatus {
    const parsed = hubSchema.safeParse(desired);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      return { code: 400, description: faults.join('; ') };
    }
    const readings = Object.entries(parsed.data.routes).map(([name, text]) => readRoute(name, text));
    const problems = readings.flatMap((reading) => (reading.ok ? [] : [reading.problem]));
    if (problems.length > 0) return { code: 400, description: problems.join('; ') };
    this.routes = readings.flatMap((reading) => (reading.ok ? [reading.route] : []));
    this.timeToLiveSeconds =
      parsed.data.storeAndForwardConfiguration.timeToLiveSecs ?? DEFAULT_TIME_TO_LIVE_SECONDS;
    this.configured = true;
    for (const resume of this.awaiting.splice(0)) resume();
    return { code: 200, description: '' };
  }

  /** Routes that name a module which is not among `modules`: they carry nothing. */
  routesWithoutModule(modules: readonly string[]): readonly Route[] {
    return this.routes.filter(({ module }) => module !== null && !modules.includes(module));
  }

  /** Rejects when a route leads upstream and that is impossible now. */
  async send(module: string, message: OutgoingMessage): Promise<void> {
    // Without its first online synchronisation the hub knows no routes ("offline capabilities").
    if (!this.configured) await new Promise<void>((resolve) => this.awaiting.push(resolve));
    const routed = { ...message, module, output: message.output ?? '' };
    const goesUp = this.routes.some((route) => route.sink.kind === 'upstream' && takes(route, routed));
    if (goesUp) return this.sendUpstream(module, message);
    this.unroutedMessages++;
    this.onUnrouted(module, message);
  }
}
