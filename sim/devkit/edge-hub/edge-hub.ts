/**
 * The IoT Edge hub of a device: takes the messages of its modules, stores each for every endpoint that a route leads
 * it to, and hands them on as soon as the endpoint can take them, at least once.
 */
import {
  HubError,
  type OutgoingMessage,
  type Properties,
} from '../../../pipeline/camera-module/hub-connection.js';
import type { Retry } from '../../../pipeline/camera-module/retry-schedule.js';
import type { LossReason } from '../../../pipeline/camera-module/store-and-forward.js';
import type { Clock } from '../../kernel/services.js';
import { EndpointQueue, type StoredMessage } from './endpoint-queue.js';
import { type HubSettings, readHubSettings } from './hub-settings.js';
import { type Route, type RoutedMessage, type RouteSink, takes } from './routes.js';

export interface EdgeHubCounts {
  /** Messages stored, once for every endpoint. */
  in: number;
  out: number;
  dropped: number;
  retried: number;
  peakQueue: number;
  /** Delivered to IoT Hub; the rest of `out` went to modules. */
  upstream: number;
  /** Messages that no route leads anywhere. */
  unrouted: number;
}

/** What the edge hub has on the device's disk. */
export interface EdgeHubDisk {
  /** The last good desired properties. */
  settings: Properties | null;
  /** What waits, by endpoint. */
  readonly stored: Map<string, StoredMessage[]>;
  /** Not on the disk of a real device, but of the same life. */
  readonly counts: EdgeHubCounts;
}

export function emptyEdgeHubDisk(): EdgeHubDisk {
  const counts = { in: 0, out: 0, dropped: 0, retried: 0, peakQueue: 0, upstream: 0, unrouted: 0 };
  return { settings: null, stored: new Map(), counts };
}

export interface EdgeHubFigures extends Readonly<EdgeHubCounts> {
  readonly queued: number;
  readonly queuedBytes: number;
}

/** What `$edgeHub` makes of its desired properties. */
export interface EdgeHubStatus {
  readonly code: 200 | 400;
  readonly description: string;
}

export interface EdgeHubOptions {
  readonly device: string;
  readonly disk: EdgeHubDisk;
  readonly clock: Clock;
  /** How much of the disk messages may take, where the deployment sets no limit of its own. */
  readonly maxBytes: number;
  readonly retryOf: (endpoint: string) => Retry;
  /** Resolves when there is a way to IoT Hub for the messages of that module. */
  readonly upstreamReady: (module: string) => Promise<unknown>;
  readonly sendUpstream: (module: string, message: OutgoingMessage) => Promise<void>;
  readonly sendToModule: (module: string, input: string, message: OutgoingMessage) => Promise<void>;
  readonly onLost: (message: OutgoingMessage, reason: LossReason) => void;
  readonly onUnrouted: (module: string, message: OutgoingMessage) => void;
}

/** The disk is full: the module has to keep its message and try again. */
export class EdgeHubFullError extends Error {
  readonly code = 'FF_EDGE_HUB_FULL';
}

const UPSTREAM = '$upstream';

export class EdgeHub {
  private readonly options: EdgeHubOptions;
  private settings: HubSettings | null = null;
  private awaiting: (() => void)[] = [];
  private readonly queues = new Map<string, EndpointQueue>();
  private stopped = false;

  constructor(options: EdgeHubOptions) {
    this.options = options;
    const { settings } = options.disk;
    if (settings !== null) this.configure(settings);
  }

  get routes(): readonly Route[] {
    return this.settings?.routes ?? [];
  }

  /** Goes on with what the disk holds. */
  start(): void {
    for (const endpoint of this.options.disk.stored.keys()) this.queueOf(endpoint).start();
  }

  /** Takes its desired properties over; malformed ones change nothing. */
  configure(desired: Properties): EdgeHubStatus {
    const reading = readHubSettings(desired);
    if (!reading.ok) return { code: 400, description: reading.description };
    this.settings = reading.settings;
    this.options.disk.settings = desired;
    for (const resume of this.awaiting.splice(0)) resume();
    return { code: 200, description: '' };
  }

  /** Resolves when the message is stored. Rejects with `EdgeHubFullError`. */
  async send(module: string, message: OutgoingMessage): Promise<void> {
    // Without its first online synchronisation the hub knows no routes ("offline capabilities").
    if (this.settings === null) await new Promise<void>((resolve) => this.awaiting.push(resolve));
    const { settings } = this;
    if (settings === null || this.stopped) return;
    const { clock, device, disk, onUnrouted } = this.options;
    const routes = bestByEndpoint(settings.routes, {
      ...message,
      device,
      module,
      output: message.output ?? '',
    });
    if (routes.size === 0) {
      disk.counts.unrouted++;
      return onUnrouted(module, message);
    }
    const bytes = Buffer.byteLength(message.body);
    this.makeRoom(bytes * routes.size, settings);
    for (const [endpoint, { priority, timeToLiveMs }] of routes) {
      const expiresAtMs = clock.now() + (timeToLiveMs ?? settings.timeToLiveMs);
      this.store(endpoint, { module, message, bytes, priority, expiresAtMs });
    }
  }

  /** Ends it, as when the device loses its power; the disk keeps what it holds. */
  stop(): void {
    this.stopped = true;
    for (const queue of this.queues.values()) queue.stop();
  }

  private makeRoom(bytes: number, { maxBytes }: HubSettings): void {
    const { disk } = this.options;
    const limit = Math.min(maxBytes ?? Number.POSITIVE_INFINITY, this.options.maxBytes);
    if (usedBytes(disk) + bytes <= limit) return;
    for (const queue of this.queues.values()) queue.dropExpired();
    if (usedBytes(disk) + bytes > limit) throw new EdgeHubFullError(`messages take all of ${limit} bytes`);
  }

  private store(endpoint: string, message: StoredMessage): void {
    const { disk } = this.options;
    const queue = this.queueOf(endpoint);
    disk.counts.in++;
    queue.put(message);
    disk.counts.peakQueue = Math.max(disk.counts.peakQueue, queuedIn(disk));
  }

  private queueOf(endpoint: string): EndpointQueue {
    const known = this.queues.get(endpoint);
    if (known !== undefined) return known;
    const { clock, disk, onLost, retryOf, sendToModule, sendUpstream, upstreamReady } = this.options;
    const stored = disk.stored.get(endpoint) ?? [];
    disk.stored.set(endpoint, stored);
    const sink = sinkOf(endpoint);
    const queue = new EndpointQueue({
      stored,
      clock,
      retry: retryOf(endpoint),
      ready: async () => (sink === null ? upstreamReady(stored[0]?.module ?? '') : null),
      deliver: ({ message, module }) =>
        sink === null ? sendUpstream(module, message) : sendToModule(sink.module, sink.input, message),
      isFinal: (error) => error instanceof HubError && error.code === 'FF_HUB_REJECTED',
      onDelivered: () => {
        disk.counts.out++;
        if (sink === null) disk.counts.upstream++;
      },
      onRetry: () => {
        disk.counts.retried++;
      },
      onLost: ({ message }, reason) => {
        disk.counts.dropped++;
        onLost(message, reason);
      },
    });
    this.queues.set(endpoint, queue);
    return queue;
  }
}

export function edgeHubFigures(disk: EdgeHubDisk): EdgeHubFigures {
  return { ...disk.counts, queued: queuedIn(disk), queuedBytes: usedBytes(disk) };
}

/** One route for each endpoint: of several that lead there, the one of the highest priority. */
function bestByEndpoint(routes: readonly Route[], message: RoutedMessage): ReadonlyMap<string, Route> {
  const best = new Map<string, Route>();
  for (const route of routes.filter((each) => takes(each, message))) {
    const endpoint = endpointOf(route.sink);
    const known = best.get(endpoint);
    if (known === undefined || route.priority < known.priority) best.set(endpoint, route);
  }
  return best;
}

function endpointOf(sink: RouteSink): string {
  return sink.kind === 'upstream' ? UPSTREAM : `${sink.module}/${sink.input}`;
}

/** Null: upstream. Neither a module's name nor an input's holds a slash. */
function sinkOf(endpoint: string): { readonly module: string; readonly input: string } | null {
  if (endpoint === UPSTREAM) return null;
  const [module = '', input = ''] = endpoint.split('/');
  return { module, input };
}

function queuedIn({ stored }: EdgeHubDisk): number {
  return sum([...stored.values()].map((each) => each.length));
}

function usedBytes({ stored }: EdgeHubDisk): number {
  return sum([...stored.values()].flatMap((each) => each.map(({ bytes }) => bytes)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
