/**
 * How a picture's metadata travels as blob metadata: names in lower case, values that an HTTP header can
 * carry (RFC 9110 section 5.5 allows visible ASCII only, so free text is percent-encoded).
 */
import type { Detection, PictureMetadata } from './boundaries.js';

/** The name-value pairs to upload beside the picture. */
export function toBlobMetadata(picture: PictureMetadata): Record<string, string> {
  return {
    storeid: encodeURIComponent(picture.storeId),
    cameraid: encodeURIComponent(picture.cameraId),
    section: encodeURIComponent(picture.section),
    capturedat: picture.capturedAt,
    people: JSON.stringify(picture.people.map(toTuple)),
  };
}

/** Blob metadata that does not describe a picture: says which pair is at fault and what it should be. */
export class PictureMetadataError extends Error {
  readonly code = 'FF_PICTURE_METADATA';
}

/**
 * Reads blob metadata back; names may come in any case, as HTTP headers do.
 * @throws PictureMetadataError when a pair is missing or cannot be read.
 */
export function fromBlobMetadata(metadata: Readonly<Record<string, unknown>>): PictureMetadata {
  const pairs = new Map(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    storeId: text(pairs, 'storeid'),
    cameraId: text(pairs, 'cameraid'),
    section: text(pairs, 'section'),
    capturedAt: instant(pairs),
    people: people(pairs),
  };
}

type Pairs = ReadonlyMap<string, unknown>;

function value(pairs: Pairs, name: string): string {
  const found = pairs.get(name);
  if (typeof found === 'string' && found !== '') return found;
  throw new PictureMetadataError(
    `blob metadata has no ${name}; found: ${[...pairs.keys()].join(', ') || 'none'}`,
  );
}

function text(pairs: Pairs, name: string): string {
  const encoded = value(pairs, name);
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new PictureMetadataError(`blob metadata ${name}="${encoded}" is not percent-encoded text`);
  }
}

function instant(pairs: Pairs): string {
  const found = value(pairs, 'capturedat');
  const epochMs = Date.parse(found);
  if (Number.isNaN(epochMs))
    throw new PictureMetadataError(`blob metadata capturedat="${found}" is not an ISO 8601 time`);
  return new Date(epochMs).toISOString();
}

/** `[label, score, left, top, width, height]`: a third of the bytes of named fields, of which 8 KB may be used. */
type DetectionTuple = readonly [string, number, number, number, number, number];

function toTuple({ label, score, box }: Detection): DetectionTuple {
  return [encodeURIComponent(label), score, box.left, box.top, box.width, box.height];
}

function people(pairs: Pairs): readonly Detection[] {
  const found = value(pairs, 'people');
  const tuples = parseJson(found);
  if (!Array.isArray(tuples) || !tuples.every(isTuple)) {
    throw new PictureMetadataError(
      `blob metadata people="${found}" is not a list of [label, score, left, top, width, height]`,
    );
  }
  return tuples.map(([label, score, left, top, width, height]) => ({
    label: decodeURIComponent(label),
    score,
    box: { left, top, width, height },
  }));
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function isTuple(candidate: unknown): candidate is DetectionTuple {
  if (!Array.isArray(candidate) || candidate.length !== 6) return false;
  const [label, ...numbers] = candidate;
  return (
    typeof label === 'string' && isDecodable(label) && numbers.every((number) => Number.isFinite(number))
  );
}

function isDecodable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}
