import { createHash } from 'node:crypto';
import { openModelZip } from '../../pipeline/detection/model-zip.js';
import type { Sight } from './sight.js';

export interface InstalledModel {
  readonly url: string;
  readonly sha256: string;
  /** Frames a second the model is meant to run at. */
  readonly targetFps: number;
  /** What computes it. */
  readonly backend: string;
}

export type Installation =
  | { readonly outcome: 'installed'; readonly model: InstalledModel }
  /** It could not be fetched; it may be later. */
  | { readonly outcome: 'unreachable'; readonly reason: string }
  /** It is of no use: the model before stays in use. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** Fetches, checks and takes into use the model zip that a deployment names. */
export class ModelInstaller {
  private readonly sight: Sight;
  private readonly download: (url: string) => Promise<Uint8Array>;
  private installedModel: InstalledModel | null = null;

  constructor(sight: Sight, download: (url: string) => Promise<Uint8Array>) {
    this.sight = sight;
    this.download = download;
  }

  /** Null until the first model is in use. */
  get installed(): InstalledModel | null {
    return this.installedModel;
  }

  /** `sha256`: lower-case hex, or null to take any. */
  async install(url: string, sha256: string | null): Promise<Installation> {
    let zip: Uint8Array;
    try {
      zip = await this.download(url);
    } catch (error) {
      return { outcome: 'unreachable', reason: messageOf(error) };
    }
    try {
      const model = await this.use(zip, url, sha256);
      this.installedModel = model;
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
    const { backend } = await this.sight.load(zip);
    return { url, sha256, targetFps: config.targetFps, backend };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
