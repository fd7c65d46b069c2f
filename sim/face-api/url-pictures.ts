/** Pictures that a request names by their address: fetched inside the world, never from the network. */
import { z } from 'zod';
import { findRoute } from './operations/routes.js';
import { type ReceivedRequest, withPicture } from './request.js';

/** The picture at `url`; null when there is none, or it may not be read. */
export type PictureFetcher = (url: URL) => Promise<Uint8Array | null>;

const urlBody = z.object({ url: z.string() });

/** The same request with the picture itself; as it was when it names none, or none that can be had. */
export async function fetchPicture(
  request: ReceivedRequest,
  fetcher: PictureFetcher,
): Promise<ReceivedRequest> {
  const url = addressIn(request);
  const bytes = url === null ? null : await fetcher(url);
  return bytes === null ? request : withPicture(request, bytes);
}

function addressIn(request: ReceivedRequest): URL | null {
  if (request.body.kind !== 'json' || !findRoute(request)?.route.takesPicture) return null;
  try {
    return new URL(urlBody.parse(JSON.parse(request.body.text)).url);
  } catch {
    return null;
  }
}
