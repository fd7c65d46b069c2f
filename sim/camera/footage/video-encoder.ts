/** Writes pictures to an MP4 file with H.264 video, which browsers and players everywhere play. */
import type {
  Frame as AvFrame,
  CodecContext,
  FormatContext,
  Packet,
  SoftwareScaleContext,
  Stream,
} from 'node-av/lib';
import type { Frame } from '../../../pipeline/detection/frame.js';
import { loadVideoLibrary, type VideoLibrary } from './sources/video-library.js';

/** The video could not be written. */
export class VideoEncodingError extends Error {
  readonly code = 'FF_FOOTAGE_NOT_WRITTEN';
}

/** H.264 halves the colour's resolution, so sides must be even; an odd last row or column is left out. */
const even = (pixels: number) => pixels - (pixels % 2);
/** Times in the file are in milliseconds. */
const TICKS_PER_SECOND = 1_000;
/** Constant quality of x264; 23 is its default, less is better. */
const RATE_FACTOR = '23';

export class VideoEncoder {
  private lastTick = -1;

  private constructor(
    private readonly av: VideoLibrary,
    private readonly format: FormatContext,
    private readonly codec: CodecContext,
    private readonly stream: Stream,
    private readonly scaler: SoftwareScaleContext,
    private readonly rgba: AvFrame,
    private readonly yuv: AvFrame,
    private readonly packet: Packet,
    private readonly file: string,
    private readonly pictureTicks: number,
  ) {}

  /** Rejects with `VideoEncodingError` when the file cannot be written. All pictures must have this size. */
  static async open(
    file: string,
    { widthPixels, heightPixels }: Pick<Frame, 'widthPixels' | 'heightPixels'>,
    framesPerSecond: number,
  ): Promise<VideoEncoder> {
    const av = await loadVideoLibrary();
    const must = (result: number, what: string) => {
      if (result < 0) throw new VideoEncodingError(`${file}: ${what}`);
    };
    const [width, height] = [even(widthPixels), even(heightPixels)];
    const encoder = av.Codec.findEncoderByName('libx264' as Parameters<typeof av.Codec.findEncoderByName>[0]);
    if (encoder === null) throw new VideoEncodingError(`${file}: there is no H.264 encoder`);
    const format = new av.FormatContext();
    must(format.allocOutputContext2(null, 'mp4', file), 'there is no MP4 writer');
    const codec = new av.CodecContext();
    codec.allocContext3(encoder);
    codec.width = width;
    codec.height = height;
    codec.pixelFormat = av.AV_PIX_FMT_YUV420P;
    codec.timeBase = new av.Rational(1, TICKS_PER_SECOND);
    codec.framerate = new av.Rational(Math.round(framesPerSecond * TICKS_PER_SECOND), TICKS_PER_SECOND);
    // One thread and no frames out of order: the same pictures give the same file.
    codec.threadCount = 1;
    codec.maxBFrames = 0;
    codec.setFlags(av.AV_CODEC_FLAG_GLOBAL_HEADER, av.AV_CODEC_FLAG_BITEXACT);
    format.setFlags(av.AVFMT_FLAG_BITEXACT);
    must(
      await codec.open2(encoder, av.Dictionary.fromObject({ preset: 'veryfast', crf: RATE_FACTOR })),
      'no encoder opened',
    );
    const stream = format.newStream(encoder);
    stream.timeBase = codec.timeBase;
    must(stream.codecpar.fromContext(codec), 'no stream opened');
    must(await format.openOutput(), 'cannot be written; does its folder exist?');
    must(await format.writeHeader(null), 'its header cannot be written');
    const scaler = new av.SoftwareScaleContext();
    const flags = av.SWS_BILINEAR | av.SWS_ACCURATE_RND | av.SWS_BITEXACT;
    scaler.getContext(
      width,
      height,
      av.AV_PIX_FMT_RGBA,
      width,
      height,
      av.AV_PIX_FMT_YUV420P,
      flags as typeof av.SWS_BILINEAR,
    );
    const packet = new av.Packet();
    packet.alloc();
    const [rgba, yuv] = [
      frameOf(av, av.AV_PIX_FMT_RGBA, width, height),
      frameOf(av, av.AV_PIX_FMT_YUV420P, width, height),
    ];
    const pictureTicks = Math.round(TICKS_PER_SECOND / framesPerSecond);
    return new VideoEncoder(av, format, codec, stream, scaler, rgba, yuv, packet, file, pictureTicks);
  }

  /** The next picture, shown from `timeMs` on; one that is not later than the last is shown a tick after it. */
  async add({ rgba: pixels, widthPixels }: Frame, timeMs: number): Promise<void> {
    const { rgba, yuv } = this;
    const [plane] = rgba.data ?? [];
    const stride = rgba.linesize[0] ?? rgba.width * 4;
    for (let y = 0; plane && y < rgba.height; y++) {
      plane.set(pixels.subarray(y * widthPixels * 4, (y * widthPixels + rgba.width) * 4), y * stride);
    }
    await this.scaler.scaleFrame(yuv, rgba);
    this.lastTick = Math.max(this.lastTick + 1, Math.round(timeMs));
    yuv.pts = BigInt(this.lastTick);
    this.check(await this.codec.sendFrame(yuv), 'a picture cannot be encoded');
    await this.writePackets();
  }

  /** Completes the file. */
  async end(): Promise<void> {
    await this.codec.sendFrame(null);
    await this.writePackets();
    this.check(await this.format.writeTrailer(), 'its end cannot be written; is the disk full?');
    await this.format.closeOutput();
    this.packet.free();
    this.rgba.free();
    this.yuv.free();
    this.scaler.freeContext();
    this.codec.freeContext();
  }

  private async writePackets(): Promise<void> {
    const { codec, format, packet, stream } = this;
    while ((await codec.receivePacket(packet)) >= 0) {
      packet.streamIndex = stream.index;
      // Without it the last picture would be shown for no time, and players would leave it out.
      packet.duration = BigInt(this.pictureTicks);
      packet.rescaleTs(codec.timeBase, stream.timeBase);
      this.check(await format.interleavedWriteFrame(packet), 'cannot be written; is the disk full?');
      packet.unref();
    }
  }

  private check(result: number, what: string): void {
    if (result < 0)
      throw new VideoEncodingError(
        `${this.file}: ${what} (FFmpeg: ${new this.av.FFmpegError(result).message})`,
      );
  }
}

function frameOf(av: VideoLibrary, format: AvFrame['format'], width: number, height: number): AvFrame {
  const frame = new av.Frame();
  frame.alloc();
  frame.format = format;
  frame.width = width;
  frame.height = height;
  frame.getBuffer(0);
  return frame;
}
