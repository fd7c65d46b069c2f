import { createHash } from 'node:crypto';
import { openModelZip } from '../../../pipeline/detection/model-zip.js';
import type { Sight } from './sight.js';

export interface InstalledModel {
  readonly url: string;
  readonly sha256: string;
  /** Frames a second the model is meant to run at. */
  readonly targetFps: number;
  /** What computes it. */
  readonly backend: string;
}

/** The last model that was of use, kept for the next start. */
export interface ModelOnDisk {
  readonly url: string;
  readonly zip: Uint8Array;
}

export type Installation =
  | { readonly outcome: 'installed'; readonly model: InstalledModel }
  /** It could not be fetched; it may be later. */
  | { readonly outcome: 'unreachable'; readonly reason: string }
  /** It is of no use: the model before stays in use. */
  | { readonly outcome: 'failed'; readonly reason: string };

export interface ModelInstallerOptions {
  readonly sight: Sight;
  readonly download: (url: string) => Promise<Uint8Array>;
  readonly disk: { model: ModelOnDisk | null };
}

/** Fetches, checks and takes into use the model zip that a deployment names. */
export class ModelInstaller {
  private readonly options: ModelInstallerOptions;
  private installedModel: InstalledModel | null = null;

  constructor(options: ModelInstallerOptions) {
    this.options = options;
  }

  /** Null until the first model is in use. */
  get installed(): InstalledModel | null {
    return this.installedModel;
  }

  /** Takes the model on the disk into use, if there is one. */
  async restore(): Promise<void> {
    const { model } = this.options.disk;
    if (model !== null) this.installedModel = await this.use(model.zip, model.url, null);
  }

  /** `sha256`: lower-case hex, or null to take any. */
  async install(url: string, sha256: string | null): Promise<Installation> {
    const { disk, download } = this.options;
    let zip: Uint8Array;
    try {
      zip = await download(url);
    } catch (error) {
      return { outcome: 'unreachable', reason: messageOf(error) };
    }
    try {
      const model = await this.use(zip, url, sha256);
      this.installedModel = model;
      disk.model = { url, zip };
      return { outcome: 'installed', model };
    } catch (error) {
      return { outcome: 'failed', reason: messageOf(error) };
    }
  }

  private async use(zip: Uint8Array, url: string, expectedSha256: string | null): Promise<InstalledModel> {
    const sha256 = createHash('sha256').update(zip).digest('hex');
    if (expectedSha256 !== null && sha256 !== expectedSha256) {
      throw new Error(`the zip's SHA-256 is ${sha256}, expected ${expectedSha256}`);
    }
    const { config } = openModelZip(zip);
    const { backend } = await this.options.sight.load(zip);
    return { url, sha256, targetFps: config.targetFps, backend };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
