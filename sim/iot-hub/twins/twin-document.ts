/**
 * The two halves of a twin that devices see, and how a patch changes one ("Understand and use device twins in
 * IoT Hub"): objects merge, everything else replaces, null deletes, and the version grows with every change.
 */

import type { Json, Properties as JsonObject } from '../../../pipeline/camera-module/hub-connection.js';

export interface TwinHalf {
  /** Without `$version` and `$metadata`. */
  readonly properties: JsonObject;
  readonly version: number;
  /** When each property last changed: a tree with `$lastUpdated` at every level. */
  readonly metadata: JsonObject;
}

export interface TwinDocument {
  readonly desired: TwinHalf;
  readonly reported: TwinHalf;
  readonly tags: JsonObject;
  /** Grows with every change of any part: the service side's `version`, and its ETag. */
  readonly revision: number;
}

export type PatchOutcome =
  | { readonly ok: true; readonly half: TwinHalf }
  | { readonly ok: false; readonly status: 400 | 413; readonly reason: string };

/** "Device twin size": desired and reported may have 32 KB each, tags 8 KB. */
export const MAX_HALF_BYTES = 32 * 1024;
export const MAX_TAGS_BYTES = 8 * 1024;
/** "Format of twin properties": depth of nesting, length of a string value, bytes of a key. */
const MAX_DEPTH = 10;
const MAX_STRING_BYTES = 4 * 1024;
const MAX_KEY_BYTES = 1024;

export function emptyTwin(nowMs: number): TwinDocument {
  const half: TwinHalf = { properties: {}, version: 1, metadata: { $lastUpdated: timestamp(nowMs) } };
  return { desired: half, reported: half, tags: {}, revision: 1 };
}

/** `patch` as it came, e.g. parsed from a message body. */
export function patchHalf(half: TwinHalf, patch: Json, nowMs: number): PatchOutcome {
  if (!isObject(patch)) return refusal('a patch must be a JSON object');
  const changes = Object.fromEntries(
    Object.entries(patch).filter(([key]) => key !== '$version' && key !== '$metadata'),
  );
  const problem = faultIn(changes, 1);
  if (problem !== null) return refusal(problem);
  const properties = merge(half.properties, changes);
  const bytes = jsonBytes(properties);
  if (bytes > MAX_HALF_BYTES) {
    return {
      ok: false,
      status: 413,
      reason: `the properties would take ${bytes} bytes, at most ${MAX_HALF_BYTES}`,
    };
  }
  const metadata = touch(half.metadata, changes, timestamp(nowMs));
  return { ok: true, half: { properties, version: half.version + 1, metadata } };
}

/** Replaces all properties, as a configuration or a PUT on the service side does. */
export function replaceHalf(half: TwinHalf, properties: Json, nowMs: number): PatchOutcome {
  if (!isObject(properties)) return refusal('properties must be a JSON object');
  const removals = Object.keys(half.properties).filter((key) => !(key in properties));
  return patchHalf(
    { ...half, properties: {}, metadata: without(half.metadata, removals) },
    properties,
    nowMs,
  );
}

export type TagsOutcome =
  | { readonly ok: true; readonly tags: JsonObject }
  | { readonly ok: false; readonly status: 400 | 413; readonly reason: string };

/** Tags after a patch, or (a PUT) replaced by it. */
export function changeTags(before: JsonObject, patch: Json): TagsOutcome {
  if (!isObject(patch)) return { ok: false, status: 400, reason: 'tags must be a JSON object' };
  const problem = faultIn(patch, 1);
  if (problem !== null) return { ok: false, status: 400, reason: problem };
  const tags = merge(before, patch);
  const bytes = jsonBytes(tags);
  if (bytes <= MAX_TAGS_BYTES) return { ok: true, tags };
  return { ok: false, status: 413, reason: `the tags would take ${bytes} bytes, at most ${MAX_TAGS_BYTES}` };
}

/** What the service side gets for a half: with metadata, too. */
export function seenByService(half: TwinHalf): JsonObject {
  return { ...half.properties, $metadata: half.metadata, $version: half.version };
}

/** What a device gets for a half: its properties and `$version`. */
export function seenByDevice(half: TwinHalf): JsonObject {
  return { ...half.properties, $version: half.version };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** `patch` merged into `target`; a null deletes. */
export function merge(target: JsonObject, patch: JsonObject): JsonObject {
  const result = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else if (isObject(value)) {
      const before = result.get(key);
      result.set(key, merge(isObject(before) ? before : {}, value));
    } else result.set(key, value);
  }
  return Object.fromEntries(result);
}

function touch(metadata: JsonObject, patch: JsonObject, at: string): JsonObject {
  const result = new Map(Object.entries(metadata));
  result.set('$lastUpdated', at);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else {
      const before = result.get(key);
      result.set(key, touch(isObject(before) ? before : {}, isObject(value) ? value : {}, at));
    }
  }
  return Object.fromEntries(result);
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function faultIn(value: JsonObject, depth: number): string | null {
  if (depth > MAX_DEPTH) return `properties may nest ${MAX_DEPTH} deep at most`;
  for (const [key, inner] of Object.entries(value)) {
    const problem = faultInKey(key) ?? faultInValue(key, inner, depth);
    if (problem !== null) return problem;
  }
  return null;
}

function faultInKey(key: string): string | null {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    return `a property name may have ${MAX_KEY_BYTES} bytes at most`;
  // Control characters, space, '.' and '$' are excluded by "Format of twin properties".
  if (key === '' || /[\p{Cc} .$]/u.test(key)) return `'${key}' is no valid property name`;
  return null;
}

function faultInValue(key: string, value: Json, depth: number): string | null {
  if (typeof value === 'string' && Buffer.byteLength(value) > MAX_STRING_BYTES) {
    return `the string '${key}' may have ${MAX_STRING_BYTES} bytes at most`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return `'${key}' is not a number`;
  if (Array.isArray(value)) {
    for (const element of value as readonly Json[]) {
      const problem = faultInValue(key, element, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  return isObject(value) ? faultIn(value, depth + 1) : null;
}

function refusal(reason: string): PatchOutcome {
  return { ok: false, status: 400, reason };
}

function timestamp(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
