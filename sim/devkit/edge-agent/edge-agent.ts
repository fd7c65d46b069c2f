/**
 * The IoT Edge agent of a device: follows the desired properties of `$edgeAgent`, says which modules are to run, and
 * reports what it makes of its deployment and how its modules are.
 */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type ReportedDisk, TwinReporter } from '../twin-reporter.js';
import { agentReport, type DeploymentStatus, type RunningModule } from './agent-report.js';
import { type Manifest, type ModuleSpecification, readManifest } from './manifest.js';

/** What the agent has on the device's disk: it can start its modules without IoT Hub. */
export interface EdgeAgentDisk extends ReportedDisk {
  /** The desired properties of the last good deployment. */
  deployment: Properties | null;
}

export interface EdgeAgentOptions {
  readonly disk: EdgeAgentDisk;
  /** By the device's clock. */
  readonly startedAtMs: number;
  /** Starts, stops and replaces modules until they are as the manifest says. */
  readonly apply: (modules: readonly ModuleSpecification[]) => Promise<void>;
  readonly modules: () => readonly RunningModule[];
  readonly report: (patch: Properties) => Promise<void>;
}

export class EdgeAgent {
  private readonly options: EdgeAgentOptions;
  private lastGood: Manifest | null = null;
  private status: DeploymentStatus | null = null;
  private seenVersion = 0;
  private applying = false;
  private readonly reporter: TwinReporter;

  constructor(options: EdgeAgentOptions) {
    this.options = options;
    this.reporter = new TwinReporter(options.disk, options.report);
  }

  /** The manifest in force; null before the first. */
  get manifest(): Manifest | null {
    return this.lastGood;
  }

  /** Starts what the disk holds, before IoT Hub can be reached. Rejects as `apply` does. */
  async restore(): Promise<void> {
    const { deployment } = this.options.disk;
    if (deployment !== null) await this.take(deployment);
  }

  /** Call with the whole of the desired properties, one call at a time. */
  async configure(desired: Properties): Promise<void> {
    const version = Number(desired.$version);
    if (version !== this.seenVersion) await this.take(desired);
    await this.report();
  }

  /** Call when the state of a module has changed. */
  async report(): Promise<void> {
    if (this.status === null || this.applying) return;
    const { modules, startedAtMs } = this.options;
    await this.reporter.say(agentReport(this.status, this.lastGood, modules(), startedAtMs));
  }

  private async take(desired: Properties): Promise<void> {
    const version = Number(desired.$version);
    this.seenVersion = version;
    const reading = readManifest(desired);
    if (!reading.ok) {
      // A device keeps its last good deployment.
      this.status = { version, code: reading.status, description: reading.description };
      return;
    }
    this.lastGood = reading.manifest;
    this.options.disk.deployment = desired;
    this.applying = true;
    await this.options.apply(reading.manifest.modules);
    this.applying = false;
    this.status = { version, code: 200, description: '' };
  }
}
