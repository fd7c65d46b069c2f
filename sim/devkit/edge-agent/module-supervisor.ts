import type { OutgoingMessage } from '../../../pipeline/camera-module/hub-connection.js';
import type { Clock, Timer } from '../../kernel/services.js';
import type { ModuleSpecification } from './manifest.js';
import type { ModuleProgram } from './module-program.js';
import {
  coolOffMs,
  INTENSIVE_CARE_MS,
  type RuntimeStatus,
  restartsUnhealthy,
  statusAfterExit,
} from './restart-policy.js';

export interface ModuleState {
  readonly runtimeStatus: RuntimeStatus;
  readonly statusDescription: string;
  readonly exitCode: number;
  /** By the device's clock; null: never. */
  readonly lastStartTimeMs: number | null;
  readonly lastExitTimeMs: number | null;
  readonly lastRestartTimeMs: number | null;
  readonly restartCount: number;
}

export interface ModuleSupervisorOptions {
  readonly specification: ModuleSpecification;
  /** Makes the program of the next run. */
  readonly program: () => ModuleProgram;
  readonly clock: Clock;
  /** The device's own idea of the time. */
  readonly deviceTimeMs: () => number;
  readonly onChanged: () => void;
}

const NEVER_RUN: ModuleState = {
  runtimeStatus: 'stopped',
  statusDescription: '',
  exitCode: 0,
  lastStartTimeMs: null,
  lastExitTimeMs: null,
  lastRestartTimeMs: null,
  restartCount: 0,
};
/** Of a process that was ended by SIGKILL: 128 + 9. */
const KILLED = 137;

/** Keeps one module as its specification wants it: starts it, and starts it again by its restart policy. */
export class ModuleSupervisor {
  readonly specification: ModuleSpecification;
  private readonly options: ModuleSupervisorOptions;
  private known: ModuleState = NEVER_RUN;
  private program: ModuleProgram | null = null;
  private timer: Timer | null = null;

  constructor(options: ModuleSupervisorOptions) {
    this.options = options;
    this.specification = options.specification;
  }

  get state(): ModuleState {
    return this.known;
  }

  get isRunning(): boolean {
    return this.program !== null;
  }

  start(): void {
    if (this.specification.status === 'running' && this.program === null) this.begin();
  }

  /** For good: its deployment changed, or the device goes off. */
  async stop(): Promise<void> {
    this.timer?.cancel();
    this.timer = null;
    const { program } = this;
    this.program = null;
    await program?.stop();
  }

  /** Ends its process and starts it again at once, as an operator asks for it. */
  async restartNow(): Promise<void> {
    await this.stop();
    this.start();
  }

  /** Ends the process from without, as the kernel does with one that takes too much memory. */
  kill(exitCode: number = KILLED): void {
    const { program } = this;
    if (program === null) return;
    void program.stop();
    this.ended(program, exitCode, `exited with code ${exitCode}`);
  }

  /** Rejects while the module does not run. */
  async receive(input: string, message: OutgoingMessage): Promise<void> {
    if (this.program === null) throw new Error(`the module '${this.specification.name}' does not run`);
    await this.program.receive(input, message);
  }

  private begin(): void {
    const program = this.options.program();
    this.program = program;
    this.known = {
      ...this.known,
      runtimeStatus: 'running',
      statusDescription: 'running',
      exitCode: 0,
      lastStartTimeMs: this.options.deviceTimeMs(),
    };
    if (this.known.restartCount > 0) this.recoverLater();
    this.options.onChanged();
    program.start({
      exited: (exitCode) => this.ended(program, exitCode, `exited with code ${exitCode}`),
      unhealthy: () => this.fellIll(program),
    });
  }

  private ended(program: ModuleProgram, exitCode: number, statusDescription: string): void {
    if (program !== this.program) return;
    this.program = null;
    this.timer?.cancel();
    const { restartCount } = this.known;
    const runtimeStatus = statusAfterExit(this.specification.restartPolicy, exitCode, restartCount);
    const lastExitTimeMs = this.options.deviceTimeMs();
    this.known = { ...this.known, runtimeStatus, statusDescription, exitCode, lastExitTimeMs };
    if (runtimeStatus === 'backoff') {
      this.timer = this.options.clock.after(coolOffMs(restartCount), () => this.restart());
    }
    this.options.onChanged();
  }

  private fellIll(program: ModuleProgram): void {
    if (program !== this.program) return;
    if (restartsUnhealthy(this.specification.restartPolicy)) {
      void program.stop();
      this.ended(program, KILLED, 'unhealthy');
      return;
    }
    this.known = { ...this.known, runtimeStatus: 'unhealthy', statusDescription: 'unhealthy' };
    this.options.onChanged();
  }

  private restart(): void {
    const restartCount = this.known.restartCount + 1;
    this.known = { ...this.known, restartCount, lastRestartTimeMs: this.options.deviceTimeMs() };
    this.begin();
  }

  private recoverLater(): void {
    this.timer = this.options.clock.after(INTENSIVE_CARE_MS, () => {
      this.known = { ...this.known, restartCount: 0, lastRestartTimeMs: null };
      this.options.onChanged();
    });
  }
}
