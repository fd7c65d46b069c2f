/**
 * The IoT Edge agent of a device: follows the desired properties of `$edgeAgent`, says which modules are to run, and
 * reports what it makes of its deployment.
 */
import type { Properties } from '../../pipeline/camera-module/hub-connection.js';
import { type Manifest, type ModuleSpecification, readManifest } from './manifest.js';

export interface EdgeAgentOptions {
  /** Starts, stops and replaces modules until they are as the manifest says. */
  readonly apply: (modules: readonly ModuleSpecification[]) => Promise<void>;
  readonly report: (patch: Properties) => Promise<void>;
}

export class EdgeAgent {
  private readonly options: EdgeAgentOptions;
  private lastGood: Manifest | null = null;
  private appliedVersion = 0;

  constructor(options: EdgeAgentOptions) {
    this.options = options;
  }

  /** The manifest in force; null before the first. */
  get manifest(): Manifest | null {
    return this.lastGood;
  }

  /** Call with the whole of the desired properties, one call at a time. */
  async configure(desired: Properties): Promise<void> {
    const version = Number(desired.$version);
    // A twin without a deployment holds nothing but its version.
    if (version === this.appliedVersion || Object.keys(desired).length <= 1) return;
    this.appliedVersion = version;
    const reading = readManifest(desired);
    if (!reading.ok) {
      // A device keeps its last good deployment.
      const { status, description } = reading;
      return this.options.report(deploymentStatus(version, status, description));
    }
    this.lastGood = reading.manifest;
    await this.options.apply(reading.manifest.modules);
    const modules = Object.fromEntries(
      reading.manifest.modules.map((module) => [module.name, moduleReport(module)]),
    );
    await this.options.report({ ...deploymentStatus(version, 200, ''), modules });
  }
}

function deploymentStatus(version: number, code: number, description: string): Properties {
  return { lastDesiredVersion: version, lastDesiredStatus: { code, description } };
}

function moduleReport({ image, restartPolicy, status }: ModuleSpecification): Properties {
  return { runtimeStatus: status, status, restartPolicy, type: 'docker', settings: { image } };
}
