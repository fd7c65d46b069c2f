/** Names and user data, which all galleries, persons and kept faces have. */
import { z } from 'zod';
import { badArgument } from '../failure.js';
import type { ReceivedRequest } from '../request.js';
import { jsonOf } from './body.js';

const LONGEST_NAME = 128;
const LONGEST_USER_DATA_BYTES = 16 * 1024;
const LONGEST_FACE_USER_DATA_BYTES = 1024;

const textsBody = z.object({
  name: z.string().nullish(),
  userData: z.string().nullish(),
  recognitionModel: z.string().nullish(),
});

export interface NewTexts {
  readonly name: string;
  readonly userData: string | null;
  /** As given; not yet checked. */
  readonly recognitionModel: string | undefined;
}

/** Of something that is created: it must have a name. */
export function newTexts(request: ReceivedRequest): NewTexts {
  const { name, userData, recognitionModel } = jsonOf(request, textsBody);
  if (!name) throw badArgument("'name' is empty.");
  check(name, userData);
  return { name, userData: userData ?? null, recognitionModel: recognitionModel ?? undefined };
}

/** Of something that is changed: what is not given stays. */
export function changeTexts(
  request: ReceivedRequest,
  target: { name: string; userData: string | null },
  rules: { readonly mustChangeSomething: boolean },
): void {
  const { name, userData } = jsonOf(request, textsBody);
  if (rules.mustChangeSomething && !name && !userData)
    throw badArgument("Both 'name' and 'userData' are empty.");
  check(name, userData);
  target.name = name || target.name;
  target.userData = userData ?? target.userData;
}

/** What is said of a face, in the query when it is added. */
export function faceUserData({ query }: ReceivedRequest): string | null {
  return checkedFaceUserData(query.userData ?? null);
}

const faceBody = z.object({ userData: z.string().nullish() });

/** The same, in the body when it is changed. */
export function changedFaceUserData(request: ReceivedRequest): string | null {
  return checkedFaceUserData(jsonOf(request, faceBody).userData ?? null);
}

function checkedFaceUserData(userData: string | null): string | null {
  if (userData !== null && Buffer.byteLength(userData) > LONGEST_FACE_USER_DATA_BYTES)
    throw badArgument("'userData' is too long.");
  return userData;
}

function check(name: string | null | undefined, userData: string | null | undefined): void {
  if (name && name.length > LONGEST_NAME) throw badArgument("'name' is too long.");
  if (userData && Buffer.byteLength(userData) > LONGEST_USER_DATA_BYTES)
    throw badArgument("'userData' is too long.");
}
