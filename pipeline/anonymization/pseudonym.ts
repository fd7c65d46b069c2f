/**
 * Pseudonyms: HMAC-SHA256 (RFC 2104, FIPS 180-4) of an identifier under a secret salt. Who does not hold the
 * salt can neither reverse one nor link it to the pseudonym of the same visitor under another salt.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** Characters kept of the digest: 128 bits, enough that two visitors never share one. */
const PSEUDONYM_CHARACTERS = 32;

/**
 * The visitor's pseudonym for one store and day: the salt is rotated daily by deriving the day's own from
 * `salt`, so that days cannot be linked.
 *
 * @param storeDay the store's calendar day, `yyyymmdd` in its time zone.
 */
export function visitorPseudonym(
  salt: string,
  storeId: string,
  storeDay: string,
  persistedFaceId: string,
): string {
  const dailySalt = digest(salt, ['visitor', storeId, storeDay]);
  return digest(dailySalt, [persistedFaceId]);
}

/** What a loyalty list may say of a member: under a salt of its own, so that it never meets a visitor pseudonym. */
export function loyaltyPseudonym(loyaltySalt: string, storeId: string, member: string): string {
  return digest(loyaltySalt, ['loyalty', storeId, member]);
}

/**
 * The identifier of the event about one person of a picture: the same whenever the picture is analysed again, so
 * that a repeated delivery can be told from a new event, and silent about the picture's name.
 */
export function eventIdOf(salt: string, pictureName: string, personIndex: number): string {
  return digest(salt, ['event', pictureName, String(personIndex)]);
}

/** The parts are framed as JSON, so that `['a', 'bc']` and `['ab', 'c']` differ. */
function digest(salt: string, parts: readonly string[]): string {
  return createHmac('sha256', keyOf(salt))
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, PSEUDONYM_CHARACTERS);
}

/** A store's own salt, and those of its last days. */
const KEPT_KEYS = 8;
const keys = new Map<string, KeyObject>();

/** Made ready once: an event has one pseudonym or two, and a day has a million events. */
function keyOf(salt: string): KeyObject {
  let key = keys.get(salt);
  if (key === undefined) {
    key = createSecretKey(salt, 'utf8');
    if (keys.size >= KEPT_KEYS) keys.clear();
    keys.set(salt, key);
  }
  return key;
}
