/**
 * Where the faces of a store's day are kept: face lists `<store>-<yyyymmdd>-<n>`, each of which holds 1,000 faces;
 * when one is full the next begins. Loyal customers who agreed to it are in `<store>-loyalty-<n>`.
 *
 * What is cached here (how many lists there are) heals itself: `forget` it and the service is asked again.
 */
import { createHash } from 'node:crypto';
import type { FaceApi } from './face-client/face-api.js';
import { dayBefore } from './store-day.js';

/** The lists of one store and day, newest first. */
export interface DayLists {
  readonly today: readonly string[];
  readonly loyalty: readonly string[];
}

export class VisitorLists {
  private readonly days = new Map<string, Promise<DayLists>>();

  /** The lists of `storeId`'s `day`; begins the first one, and deletes those of days long past. */
  open(faceApi: FaceApi, storeId: string, day: string): Promise<DayLists> {
    return this.remembered(keyOf(storeId, day), () => discover(faceApi, storeId, day));
  }

  /** After `full` has no room left: the lists with a new one in front, unless somebody has begun it already. */
  async rollOver(faceApi: FaceApi, storeId: string, day: string, full: string): Promise<DayLists> {
    const key = keyOf(storeId, day);
    const current = await this.open(faceApi, storeId, day);
    if (current.today[0] !== full) return current;
    this.days.delete(key);
    return this.remembered(key, async () => {
      const next = `${dayPrefix(storeId, day)}${current.today.length + 1}`;
      await faceApi.createFaceList(next);
      return { ...current, today: [next, ...current.today] };
    });
  }

  forget(storeId: string, day: string): void {
    this.days.delete(keyOf(storeId, day));
  }

  /** One discovery for all who ask at once; a failed one is not remembered. */
  private remembered(key: string, find: () => Promise<DayLists>): Promise<DayLists> {
    const known = this.days.get(key);
    if (known !== undefined) return known;
    const finding = find();
    this.days.set(key, finding);
    finding.catch(() => {
      if (this.days.get(key) === finding) this.days.delete(key);
    });
    return finding;
  }
}

async function discover(faceApi: FaceApi, storeId: string, day: string): Promise<DayLists> {
  const ids = await faceApi.faceListIds();
  const today = numbered(ids, dayPrefix(storeId, day));
  if (today.length === 0) {
    const first = `${dayPrefix(storeId, day)}1`;
    await faceApi.createFaceList(first);
    today.push(first);
  }
  // Yesterday's are kept for pictures that come late; a face older than that is no longer anybody's business.
  for (const id of ids) if (isOutdated(id, storeId, day)) await faceApi.deleteFaceList(id);
  return { today, loyalty: numbered(ids, `${listName(storeId)}-loyalty-`) };
}

/** The ids that are `prefix` and a number, the highest number first. */
function numbered(ids: readonly string[], prefix: string): string[] {
  const numberOf = (id: string) => Number(id.slice(prefix.length));
  return ids
    .filter((id) => id.startsWith(prefix) && Number.isInteger(numberOf(id)))
    .sort((one, other) => numberOf(other) - numberOf(one));
}

function isOutdated(id: string, storeId: string, day: string): boolean {
  const name = listName(storeId);
  const found = id.startsWith(`${name}-`) ? /^(\d{8})-\d+$/.exec(id.slice(name.length + 1)) : null;
  return found?.[1] !== undefined && found[1] < dayBefore(day);
}

function dayPrefix(storeId: string, day: string): string {
  return `${listName(storeId)}-${day}-`;
}

const LONGEST_NAME = 40;

/** A store's id as a list's may be: lower case, digits, hyphens; told apart by a hash where that changes it. */
export function listName(storeId: string): string {
  const plain = storeId.toLowerCase().replace(/[^a-z0-9_-]/g, '-');
  if (plain === storeId && plain.length <= LONGEST_NAME) return plain;
  const hash = createHash('sha256').update(storeId).digest('hex').slice(0, 8);
  return `${plain.slice(0, LONGEST_NAME - 9)}-${hash}`;
}

const keyOf = (storeId: string, day: string) => `${day} ${storeId}`;
