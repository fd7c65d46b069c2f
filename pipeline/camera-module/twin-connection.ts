import type { Clock } from '../clock.js';
import { DesiredProperties } from './desired-properties.js';
import {
  type HubConnection,
  HubError,
  type MethodHandler,
  type OutgoingMessage,
  type Properties,
} from './hub-connection.js';
import { KeptConnection } from './kept-connection.js';
import type { Retry } from './retry-schedule.js';

export interface TwinConnectionOptions {
  /** Makes an unopened connection. */
  readonly connect: () => HubConnection;
  readonly clock: Clock;
  readonly retry: Retry;
  /** Hears the whole of the desired properties after every connection and every change. */
  readonly onDesired: (desired: Properties) => void;
  readonly methods?: Readonly<Record<string, MethodHandler>>;
  readonly onFailed: (error: HubError) => void;
}

const REPORT_PAUSE_MS = 1_000;

/** An identity's lasting presence at the hub: its desired properties followed, its reports made, over any outage. */
export class TwinConnection {
  private readonly options: TwinConnectionOptions;
  private readonly kept: KeptConnection;

  constructor(options: TwinConnectionOptions) {
    this.options = options;
    const desired = new DesiredProperties(options.onDesired);
    this.kept = new KeptConnection({
      ...options,
      prepare(connection) {
        desired.beginRead();
        connection.onDesired((patch) => desired.patch(patch));
        for (const [name, handler] of Object.entries(options.methods ?? {}))
          connection.onMethod(name, handler);
      },
      onOpened: async (connection) => desired.read(await connection.getTwin()),
    });
  }

  get isOpen(): boolean {
    return this.kept.isOpen;
  }

  start(): void {
    this.kept.start();
  }

  stop(): Promise<void> {
    return this.kept.stop();
  }

  /** Resolves when there is a connection, now or later. */
  async whenOpen(): Promise<void> {
    await this.kept.whenOpen();
  }

  /** Resolves when the hub has the report, however long that takes; rejects when the hub refuses it. */
  async report(patch: Properties): Promise<void> {
    for (;;) {
      const connection = await this.kept.whenOpen();
      try {
        return await connection.report(patch);
      } catch (error) {
        if (!(error instanceof HubError) || error.code === 'FF_HUB_REJECTED') throw error;
        // The connection is about to be seen as lost; `whenOpen` then waits for the next.
        await this.options.clock.sleep(REPORT_PAUSE_MS);
      }
    }
  }

  /** One attempt, once there is a connection. */
  async send(message: OutgoingMessage): Promise<void> {
    const connection = await this.kept.whenOpen();
    await connection.send(message);
  }
}
