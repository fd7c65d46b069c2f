import type { Clock } from '../clock.js';
import type { HubConnection, HubError } from './hub-connection.js';
import type { Retry } from './retry-schedule.js';

export interface KeptConnectionOptions {
  /** Makes an unopened connection; called anew for every attempt. */
  readonly connect: () => HubConnection;
  readonly clock: Clock;
  readonly retry: Retry;
  /** Prepares a connection before it is opened: handlers of desired properties and methods. */
  readonly prepare: (connection: HubConnection) => void;
  /** Called after every opening, in order; a rejection with a `HubError` is for the next opening to mend. */
  readonly onOpened: (connection: HubConnection) => Promise<void>;
  readonly onFailed: (error: HubError) => void;
}

/** Stays connected to the hub: opens again, after a wait, whatever ended the connection or kept it from opening. */
export class KeptConnection {
  private readonly options: KeptConnectionOptions;
  private current: HubConnection | null = null;
  private stopped = true;
  /** Counts its starts: what was begun before a stop ends there. */
  private spell = 0;
  private awaiting: ((connection: HubConnection) => void)[] = [];
  private openings = 0;

  constructor(options: KeptConnectionOptions) {
    this.options = options;
  }

  get isOpen(): boolean {
    return this.current !== null;
  }

  /** How often the connection was opened. */
  get openedCount(): number {
    return this.openings;
  }

  start(): void {
    this.stopped = false;
    this.spell++;
    void this.openOnce();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const { current } = this;
    this.current = null;
    await current?.close();
  }

  /** The open connection, now or when there is one. */
  whenOpen(): Promise<HubConnection> {
    if (this.current !== null) return Promise.resolve(this.current);
    return new Promise((resolve) => this.awaiting.push(resolve));
  }

  private async openOnce(): Promise<void> {
    const { connect, onFailed, onOpened, prepare } = this.options;
    const { spell } = this;
    const connection = connect();
    prepare(connection);
    connection.onDisconnect((reason) => {
      if (this.current !== connection) return;
      this.current = null;
      onFailed(reason);
      void this.openLater();
    });
    try {
      await connection.open();
    } catch (error) {
      if (this.isOver(spell)) return;
      onFailed(error as HubError);
      return this.openLater();
    }
    if (this.isOver(spell)) return connection.close();
    this.current = connection;
    this.openings++;
    const awaiting = this.awaiting;
    this.awaiting = [];
    for (const resume of awaiting) resume(connection);
    await onOpened(connection).catch((error: HubError) => onFailed(error));
  }

  private async openLater(): Promise<void> {
    const { clock, retry } = this.options;
    const { spell } = this;
    if (this.stopped) return;
    await clock.sleep(retry.nextDelayMs());
    if (!this.isOver(spell) && this.current === null) await this.openOnce();
  }

  private isOver(spell: number): boolean {
    return this.stopped || spell !== this.spell;
  }
}
