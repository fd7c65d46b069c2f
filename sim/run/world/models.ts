/** The models of a world's cameras in blob storage: the one that they begin with, and those they are changed to. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { buildCentreNetZip } from '../../../pipeline/detection/centre-net-zip.js';
import type { BlobConnection } from '../../blob-storage/access/connection-string.js';
import type { BlobClient } from '../../blob-storage/client/blob-client.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { TwinChangeDocument } from '../../scenario/schema.js';
import { signedUrl } from '../signatures.js';
import { MODELS_CONTAINER } from './services-of-a-world.js';

/** What a camera's twin says of a model. */
export interface PublishedModel {
  readonly url: string;
  /** What the device is to expect, in lower-case hex. */
  readonly sha256: string;
}

export interface WorldModels {
  readonly first: PublishedModel;
  readonly ofChange: ReadonlyMap<TwinChangeDocument, PublishedModel>;
}

/** The score at which the model of truth sight was fitted, so that both kinds of sight see alike. */
const CONFIDENCE_THRESHOLD = 0.3;

/** The detector that footfall ships, for an input of that width and height in pixels. */
export function buildDetectorZip([inputWidthPixels, inputHeightPixels]: readonly [
  number,
  number,
]): Promise<Uint8Array> {
  return buildCentreNetZip({
    inputWidthPixels,
    inputHeightPixels,
    confidenceThreshold: CONFIDENCE_THRESHOLD,
  });
}

/** A model on its way into blob storage. */
interface ModelFile {
  readonly change: TwinChangeDocument | null;
  readonly zip: Uint8Array;
  readonly sha256: string;
}

/**
 * Reads and builds every model that the scenario speaks of; cameras begin with `firstZip` where there is one. Rejects
 * as files that cannot be read do.
 */
export async function readModels(
  scenario: Scenario,
  firstZip: Uint8Array | null = null,
): Promise<readonly ModelFile[]> {
  const { solution, twinChanges } = scenario.document;
  const first = firstZip ?? (await buildDetectorZip(solution.detectorInput));
  const others = twinChanges.flatMap((change) =>
    change.model === undefined ? [] : { change, model: change.model },
  );
  return Promise.all([
    { change: null, zip: first, sha256: sha256Of(first) },
    ...others.map(async ({ change, model }): Promise<ModelFile> => {
      if ('detectorInput' in model) {
        const zip = await buildDetectorZip(model.detectorInput);
        return { change, zip, sha256: sha256Of(zip) };
      }
      const zip = await readFile(resolve(dirname(scenario.file), model.zip));
      return { change, zip, sha256: model.sha256 ?? sha256Of(zip) };
    }),
  ]);
}

/** Puts models where cameras can fetch them; `account` signs their URLs, to read until `expiresAtMs`. */
export async function publishModels(
  storage: BlobClient,
  models: readonly ModelFile[],
  account: BlobConnection,
  expiresAtMs: number,
): Promise<WorldModels> {
  await storage.createContainer(MODELS_CONTAINER);
  const ofChange = new Map<TwinChangeDocument, PublishedModel>();
  let first: PublishedModel = { url: '', sha256: '' };
  for (const [index, { change, zip, sha256 }] of models.entries()) {
    const name = index === 0 ? 'detector.zip' : `detector-${index}.zip`;
    await storage.put(MODELS_CONTAINER, name, zip, { contentType: 'application/zip' });
    const url = signedUrl(account, { container: MODELS_CONTAINER, name, permissions: 'r', expiresAtMs });
    if (change === null) first = { url, sha256 };
    else ofChange.set(change, { url, sha256 });
  }
  return { first, ofChange };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
