/** Reads the bodies of requests. */
import { z } from 'zod';
import { badArgument, invalidUrl } from '../failure.js';
import type { ReceivedRequest } from '../request.js';

const urlBody = z.object({ url: z.string() });

/** @throws FaceApiFailure 400 `BadArgument`, or `InvalidURL` for a picture that is elsewhere. */
export function pictureOf({ body }: ReceivedRequest): Uint8Array {
  if (body.kind === 'picture') return body.bytes;
  if (body.kind === 'none') throw badArgument('Request body is invalid.');
  const { url } = jsonOf({ body }, urlBody);
  if (!URL.canParse(url)) throw invalidUrl('Invalid image URL.');
  throw invalidUrl(
    'Invalid image URL or error downloading from target server. Remote server error returned: "An error occurred while sending the request."',
  );
}

/** @throws FaceApiFailure 400 `BadArgument`, with the first thing that is wrong. */
export function jsonOf<Schema extends z.ZodType>(
  { body }: Pick<ReceivedRequest, 'body'>,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(body.kind === 'json' ? parseJson(body.text) : {});
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw badArgument(`Request body is invalid. ${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badArgument('JSON parsing error.');
  }
}
