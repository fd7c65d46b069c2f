/** Where two answers to the same request differ in what they mean. */
import type { FaceAnswer } from '../../../pipeline/analyze-faces/face-client/exchange.js';

export interface Difference {
  /** `0.faceAttributes.age`; `status` for the answer's status. */
  readonly where: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** Ids are drawn anew by every service, and so are the times of its training. */
const DRAWN = /^(?:faceId|persistedFaceIds?|personId|messyGroup|groups|\w+DateTime)$/;

/** @param tolerance how far two numbers may be apart. */
export function differencesOf(
  first: FaceAnswer,
  second: FaceAnswer,
  tolerance: number,
): readonly Difference[] {
  const status =
    first.status === second.status ? [] : [{ where: 'status', first: first.status, second: second.status }];
  return [...status, ...compare(first.body, second.body, tolerance, '')];
}

function compare(first: unknown, second: unknown, tolerance: number, where: string): readonly Difference[] {
  if (typeof first === 'number' && typeof second === 'number')
    return Math.abs(first - second) <= tolerance ? [] : [{ where, first, second }];
  if (!isRecord(first) || !isRecord(second)) return first === second ? [] : [{ where, first, second }];
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return names.flatMap((name) => {
    const place = where === '' ? name : `${where}.${name}`;
    const [one, other] = [first[name], second[name]];
    const isThere = (one === undefined) === (other === undefined);
    return isThere && DRAWN.test(name) ? [] : compare(one, other, tolerance, place);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
