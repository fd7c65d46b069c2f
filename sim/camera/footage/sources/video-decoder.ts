/** One pass over the video stream of a file: packets in, RGBA pictures out, one at a time. */
import type {
  Frame as AvFrame,
  CodecContext,
  FormatContext,
  SoftwareScaleContext,
  Stream,
} from 'node-av/lib';
import type { Frame } from '../../../../pipeline/detection/frame.js';
import { FootageError } from './footage.js';
import { loadVideoLibrary, type VideoLibrary } from './video-library.js';

export interface VideoPicture extends Frame {
  /** Presentation time; null when the file gives none. */
  readonly timeMs: number | null;
}

/** What FFmpeg is told of an input that is no plain file. */
export interface VideoInput {
  /** The name of FFmpeg's input format, where the address does not say it: `v4l2`. */
  readonly format?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** Ends whatever the decoder waits for. */
  readonly signal?: AbortSignal;
}

/** Names by which FFmpeg calls elementary streams. */
const TIMELESS_FORMAT = /^(?:mjpeg|h264|hevc|m4v|\w+_pipe)$/;

export class VideoDecoder {
  /** Packets that the decoder refused. */
  damage = 0;
  /** Pictures of which a part could not be decoded and was made up from others. */
  patched = 0;
  private scaler: SoftwareScaleContext | undefined;
  private scaled: AvFrame | undefined;
  private scaledFrom = '';

  private constructor(
    private readonly av: VideoLibrary,
    private readonly format: FormatContext,
    private readonly codec: CodecContext,
    private readonly stream: Stream,
    private readonly streamIndex: number,
  ) {}

  /** Throws `FootageError`. */
  static async open(path: string, input: VideoInput = {}): Promise<VideoDecoder> {
    const av = await loadVideoLibrary();
    const format = new av.FormatContext();
    const unreadable = (what: string): FootageError =>
      new FootageError('FF_FOOTAGE_UNREADABLE', `${path} ${what}; expected a video that FFmpeg reads`);
    input.signal?.addEventListener('abort', () => format.interrupt());
    const device = input.format === undefined ? null : av.InputFormat.findInputFormat(input.format);
    const options = av.Dictionary.fromObject({ ...input.options });
    if ((await format.openInput(path, device, options)) < 0)
      throw unreadable('is no video, or was cut off before its index');
    if ((await format.findStreamInfo()) < 0) {
      await format.closeInput();
      throw unreadable('has no readable streams');
    }
    const index = format.findBestStream(av.AVMEDIA_TYPE_VIDEO);
    const stream = format.streams[index];
    const decoder = stream && av.Codec.findDecoder(stream.codecpar.codecId);
    if (!stream || !decoder) throw unreadable('holds no video stream that can be decoded');
    const codec = new av.CodecContext();
    codec.allocContext3(decoder);
    codec.parametersToContext(stream.codecpar);
    // One thread: the order and the content of damaged frames then never vary.
    codec.threadCount = 1;
    if ((await codec.open2(decoder, null)) < 0) throw unreadable('cannot be decoded');
    return new VideoDecoder(av, format, codec, stream, index);
  }

  get widthPixels(): number {
    return this.stream.codecpar.width;
  }

  get heightPixels(): number {
    return this.stream.codecpar.height;
  }

  /** True when the file is nothing but pictures one after the other: FFmpeg makes the times up. */
  get isTimeless(): boolean {
    return TIMELESS_FORMAT.test(this.format.iformat?.name ?? '');
  }

  get framesPerSecond(): number | null {
    const { num, den } = this.stream.avgFrameRate;
    return num > 0 && den > 0 ? num / den : null;
  }

  get statedFrames(): number | null {
    const frames = Number(this.stream.nbFrames);
    return frames > 0 ? frames : null;
  }

  /** How long the container says that it is; null when it does not. */
  get statedMs(): number | null {
    const microseconds = Number(this.format.duration);
    return microseconds > 0 ? microseconds / 1_000 : null;
  }

  get displayMatrix(): Uint8Array | null {
    return this.stream.codecpar.getCodedSideData(this.av.AV_PKT_DATA_DISPLAYMATRIX);
  }

  /** All pictures in the order of presentation. Damaged packets are skipped and counted. */
  async *pictures(): AsyncGenerator<VideoPicture> {
    const packet = new this.av.Packet();
    packet.alloc();
    const frame = new this.av.Frame();
    frame.alloc();
    try {
      while ((await this.format.readFrame(packet)) >= 0) {
        const isVideo = packet.streamIndex === this.streamIndex;
        const refused = isVideo && (await this.codec.sendPacket(packet)) < 0;
        packet.unref();
        if (refused) this.damage++;
        if (isVideo) yield* this.decoded(frame);
      }
      await this.codec.sendPacket(null);
      yield* this.decoded(frame);
    } finally {
      packet.free();
      frame.free();
    }
  }

  /** No thread may end before this has resolved: FFmpeg would take the process with it. */
  async close(): Promise<void> {
    this.scaled?.free();
    this.scaler?.freeContext();
    this.codec.freeContext();
    await this.format.closeInput();
  }

  private async *decoded(frame: AvFrame): AsyncGenerator<VideoPicture> {
    while ((await this.codec.receiveFrame(frame)) >= 0) {
      if (frame.decodeErrorFlags !== 0) this.patched++;
      yield await this.toRgba(frame);
      frame.unref();
    }
  }

  private async toRgba(frame: AvFrame): Promise<VideoPicture> {
    const target = this.scalerFor(frame);
    await this.scaler?.scaleFrame(target, frame);
    const { width, height } = frame;
    const [plane] = target.data ?? [];
    const stride = target.linesize[0] ?? width * 4;
    const rgba = new Uint8Array(width * height * 4);
    for (let y = 0; plane && y < height; y++) {
      rgba.set(plane.subarray(y * stride, y * stride + width * 4), y * width * 4);
    }
    return { widthPixels: width, heightPixels: height, rgba, timeMs: this.timeOf(frame) };
  }

  /** The converter to RGBA, made anew when the stream changes its size or pixel format on the way. */
  private scalerFor(frame: AvFrame): AvFrame {
    const { av } = this;
    const from = `${frame.width}x${frame.height}/${frame.format}`;
    if (this.scaled && this.scaledFrom === from) return this.scaled;
    this.scaled?.free();
    this.scaler?.freeContext();
    const { width, height } = frame;
    const pixelFormat = frame.format as Parameters<SoftwareScaleContext['getContext']>[2];
    this.scaler = new av.SoftwareScaleContext();
    // Bit-exact: the vectorised paths of different processors would round differently.
    const flags = av.SWS_BILINEAR | av.SWS_ACCURATE_RND | av.SWS_BITEXACT;
    this.scaler.getContext(
      width,
      height,
      pixelFormat,
      width,
      height,
      av.AV_PIX_FMT_RGBA,
      flags as typeof av.SWS_BILINEAR,
    );
    const scaled = new av.Frame();
    scaled.alloc();
    scaled.format = av.AV_PIX_FMT_RGBA;
    scaled.width = width;
    scaled.height = height;
    scaled.getBuffer(0);
    this.scaled = scaled;
    this.scaledFrom = from;
    return scaled;
  }

  private timeOf(frame: AvFrame): number | null {
    const timestamp = frame.bestEffortTimestamp;
    if (timestamp === this.av.AV_NOPTS_VALUE) return null;
    const { num, den } = this.stream.timeBase;
    return (Number(timestamp) * num * 1000) / den;
  }
}
