/** The Function's handler: everything it needs of the world is a parameter. */
import type { AnonymousEvent } from '../boundaries.js';
import { fromBlobMetadata } from '../picture-metadata.js';
import { type AnalysisStrategies, analyzePicture, OWN_STRATEGIES } from './analyze-picture.js';
import type { FaceApi } from './face-client/face-api.js';
import type { AnalyzeFacesSettings } from './settings.js';
import { VisitorBook } from './visitor-book.js';
import { VisitorLists } from './visitor-lists.js';

export interface AnalyzeFacesParts {
  /** A client of the Face API for what is about the named picture. */
  readonly faceApi: (about: string) => FaceApi;
  readonly pictures: PictureStore;
  readonly settings: AnalyzeFacesSettings;
  /** In place of the solution's own. */
  readonly strategies?: Partial<AnalysisStrategies>;
}

export interface PictureStore {
  /** Does nothing when there is no such picture. */
  delete(name: string): Promise<void>;
}

/** What the handler uses of `InvocationContext`. */
export interface PictureContext {
  readonly triggerMetadata?: Readonly<Record<string, unknown>> | undefined;
  warn(...message: unknown[]): void;
}

export type AnalyzeFaces = (
  picture: Uint8Array,
  context: PictureContext,
) => Promise<readonly AnonymousEvent[]>;

/**
 * A handler that turns a picture into anonymous events and deletes the picture. It rejects, and leaves the picture
 * where it is, when the Face API could not be reached: the trigger then tries again.
 */
export function createAnalyzeFaces(parts: AnalyzeFacesParts): AnalyzeFaces {
  const { faceApi, pictures, settings } = parts;
  const strategies = { ...OWN_STRATEGIES, ...parts.strategies };
  const lists = new VisitorLists();
  const book = new VisitorBook();
  return async (bytes, context) => {
    const name = pictureNameOf(context);
    const metadata = fromBlobMetadata(blobMetadataOf(context));
    const warn = (message: string) => context.warn(message);
    const analysis = { strategies, faceApi: faceApi(name), lists, book, settings, warn };
    const events = await analyzePicture(analysis, { name, bytes, metadata });
    await pictures.delete(name);
    return events;
  };
}

/** The trigger's `{name}`. */
function pictureNameOf({ triggerMetadata }: PictureContext): string {
  const name = triggerMetadata?.name;
  if (typeof name === 'string' && name !== '') return name;
  throw new Error('the trigger gave no {name}: its path must end in {name}');
}

/** The host hands the blob's metadata over as an object, or as JSON. */
function blobMetadataOf({ triggerMetadata }: PictureContext): Readonly<Record<string, unknown>> {
  const metadata = triggerMetadata?.metadata;
  const found: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  return typeof found === 'object' && found !== null ? { ...found } : {};
}
