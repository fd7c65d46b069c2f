/** Where a live camera's pictures come from, as a person writes it. */
import type { VideoInput } from '../footage/sources/video-decoder.js';

export interface LiveSource {
  readonly kind: 'stream' | 'device' | 'file';
  readonly address: string;
}

const URL_SCHEME = /^[a-z][a-z\d+.-]+:\/\//i;
const DEVICE = /^\/dev\//;

/** `rtsp://…` or `http://…` is a stream, `/dev/video0` a camera of this machine, all else a file that plays in a loop. */
export function liveSourceOf(address: string): LiveSource {
  if (URL_SCHEME.test(address)) return { kind: 'stream', address };
  return { kind: DEVICE.test(address) ? 'device' : 'file', address };
}

/** A stream that says nothing for so long has failed; in microseconds, as FFmpeg's protocols take it. */
const SILENCE = '5000000';

/** How FFmpeg opens it. */
export function inputOf({ address, kind }: LiveSource): VideoInput {
  switch (kind) {
    case 'file':
      return {};
    case 'device':
      return { format: 'v4l2' };
    case 'stream':
      // Over TCP no frame is torn by a lost packet, and no firewall needs to know of ports.
      return address.toLowerCase().startsWith('rtsp')
        ? { options: { rtsp_transport: 'tcp', timeout: SILENCE } }
        : { options: { rw_timeout: SILENCE } };
  }
}
