import { fail, type StorageFailure } from '../failure.js';

/** The conditional headers of a request; undefined members ask for nothing. */
export interface Conditions {
  /** An entity tag with its quotes, or `*`. */
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSinceMs?: number | undefined;
  readonly ifUnmodifiedSinceMs?: number | undefined;
  /** The lease that the caller holds. */
  readonly leaseId?: string | undefined;
}

/** What a condition is held against; undefined when there is no such resource yet. */
export interface Version {
  readonly etag: string;
  readonly lastModifiedMs: number;
}

const MS_PER_SECOND = 1000;

/** HTTP dates carry whole seconds. */
function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / MS_PER_SECOND) * MS_PER_SECOND;
}

/** Listings show entity tags without quotes, and clients send them back so: the service takes both. */
function names(tags: string, etag: string): boolean {
  return tags === '*' || tags.split(',').some((tag) => unquoted(tag.trim()) === unquoted(etag));
}

function unquoted(tag: string): string {
  return tag.replace(/^W\//, '').replaceAll('"', '');
}

/** "Specifying conditional headers for Blob service operations": reads answer 304 where writes answer 412. */
export function readCondition(conditions: Conditions, version: Version): StorageFailure | null {
  const { ifMatch, ifNoneMatch, ifModifiedSinceMs, ifUnmodifiedSinceMs } = conditions;
  const modifiedMs = wholeSecond(version.lastModifiedMs);
  if (ifMatch !== undefined && !names(ifMatch, version.etag)) return fail('ConditionNotMet').failure;
  if (ifUnmodifiedSinceMs !== undefined && modifiedMs > ifUnmodifiedSinceMs)
    return fail('ConditionNotMet').failure;
  if (ifNoneMatch !== undefined && names(ifNoneMatch, version.etag)) return fail('NotModified').failure;
  if (ifModifiedSinceMs !== undefined && modifiedMs <= ifModifiedSinceMs) return fail('NotModified').failure;
  return null;
}

/** `version` is undefined when the write would create the blob. */
export function writeCondition(conditions: Conditions, version: Version | undefined): StorageFailure | null {
  if (version === undefined) {
    const needsOne = conditions.ifMatch !== undefined;
    return needsOne ? fail('ConditionNotMet').failure : null;
  }
  // Create only if absent: the service answers with the reason rather than with the condition.
  if (conditions.ifNoneMatch === '*') return fail('BlobAlreadyExists').failure;
  const failure = readCondition(conditions, version);
  return failure === null ? null : fail('ConditionNotMet').failure;
}
