/**
 * The Dev Kit's camera REST (the `ipc-webserver` that Microsoft's camera SDK for Python speaks with on port 1080), without
 * sockets: sessions by cookie, and what each path reads and sets. Every answer but that of `captureimage` says by
 * `status` whether it was done; a refused one adds an `error`.
 */
import { z } from 'zod';
import { CHOICES } from '../../../pipeline/camera-module/camera-settings.js';
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import type { RandomStream } from '../../kernel/services.js';
import type { CameraHardware } from '../camera/camera-hardware.js';

export interface RestRequest {
  readonly method: string;
  /** Without the leading slash: `video`. */
  readonly path: string;
  readonly cookie: string | undefined;
  readonly body: string;
}

export interface RestAnswer {
  /** As HTTP. */
  readonly status: number;
  readonly body: Json;
  readonly setCookie?: string;
}

export interface CameraRestOptions {
  readonly hardware: CameraHardware;
  /** What the device takes the time to be. */
  readonly deviceTimeMs: () => number;
  /** The frame of now as a JPEG, with the overlay where that is on. */
  readonly frame: () => Promise<Uint8Array>;
  /** The device's name or address, for the URLs of its streams. */
  readonly address: string;
  readonly tokens: RandomStream;
}

/** What the Dev Kit is delivered with. */
const CREDENTIALS = { username: 'admin', userpwd: 'admin' };
const MOST_SESSIONS = 16;
const TOKEN_BYTES = 16;
const COOKIE = 'session';
/** `ov_type_SelectVal`. */
const OVERLAY_TYPES = { 0: 'text', 5: 'inference' } as const;

const credentials = z.object({ username: z.string(), userpwd: z.string() });
const switchBody = z.object({ switchStatus: z.boolean() });
const vamBody = switchBody.extend({ vamconfig: z.literal('MD').default('MD') });
const indexOf = (choices: readonly unknown[]) =>
  z
    .int()
    .min(0)
    .max(choices.length - 1)
    .optional();
const videoBody = z.object({
  resolutionSelectVal: indexOf(CHOICES.Resolution),
  encodeModeSelectVal: indexOf(CHOICES.Codec),
  bitRateSelectVal: indexOf(CHOICES.Bitrate),
  fpsSelectVal: indexOf(CHOICES.FrameRate),
  displayOut: z.union([z.literal(0), z.literal(1)]).optional(),
});
const overlayBody = z.object({
  ov_type_SelectVal: z.union([z.literal(0), z.literal(5)]),
  ov_usertext: z.string().max(256).default(''),
});

export class CameraRest {
  private readonly options: CameraRestOptions;
  private readonly sessions = new Set<string>();

  constructor(options: CameraRestOptions) {
    this.options = options;
  }

  /** Sessions live in memory: a device that starts again knows none. */
  forgetSessions(): void {
    this.sessions.clear();
  }

  async answer(request: RestRequest): Promise<RestAnswer> {
    const body = parsed(request.body);
    if (body === undefined) return refused(400, 'the body is not JSON');
    const what = `${request.method} /${request.path}`;
    if (what === 'POST /login') return this.login(body);
    const session = sessionIn(request.cookie);
    if (session === undefined || !this.sessions.has(session)) return refused(401, 'log in first');
    if (what === 'POST /logout') {
      this.sessions.delete(session);
      return done();
    }
    if (what === 'POST /captureimage') return this.captureImage();
    return this.readOrSet(what, body);
  }

  private login(body: unknown): RestAnswer {
    const given = credentials.safeParse(body);
    const { username, userpwd } = CREDENTIALS;
    if (given.data?.username !== username || given.data.userpwd !== userpwd)
      return refused(200, 'the user name or the password is wrong');
    const token = Buffer.from(this.options.tokens.bytes(TOKEN_BYTES)).toString('hex');
    this.sessions.add(token);
    const [oldest] = this.sessions;
    if (this.sessions.size > MOST_SESSIONS && oldest !== undefined) this.sessions.delete(oldest);
    return { ...done(), setCookie: `${COOKIE}=${token}; HttpOnly` };
  }

  private async captureImage(): Promise<RestAnswer> {
    const jpeg = await this.options.frame();
    const body = {
      Status: true,
      Error: 'none',
      Timestamp: this.options.deviceTimeMs(),
      Data: Buffer.from(jpeg).toString('base64'),
    };
    return { status: 200, body };
  }

  private readOrSet(what: string, body: unknown): RestAnswer {
    const { hardware } = this.options;
    switch (what) {
      case 'GET /video':
        return { status: 200, body: { status: true, ...this.video() } };
      case 'POST /video':
        return this.setVideo(body);
      case 'GET /preview':
        return this.stream(hardware.previewOn, 8900);
      case 'GET /vam':
        return this.stream(hardware.analyticsOn, 8902);
      case 'POST /preview':
        return withBody(switchBody, body, ({ switchStatus }) => {
          hardware.previewOn = switchStatus;
        });
      case 'POST /vam':
        return withBody(vamBody, body, ({ switchStatus }) => hardware.setAnalytics(switchStatus));
      case 'POST /overlay':
        return withBody(switchBody, body, ({ switchStatus }) => {
          hardware.overlayOn = switchStatus;
        });
      case 'POST /overlayconfig':
        return withBody(overlayBody, body, ({ ov_type_SelectVal: type, ov_usertext: text }) => {
          hardware.overlay = { style: OVERLAY_TYPES[type], text };
        });
      case 'GET /recording':
        return { status: 200, body: { status: hardware.recordingOn } };
      case 'POST /recording':
        return withBody(switchBody, body, ({ switchStatus }) => {
          hardware.recordingOn = switchStatus;
        });
      default:
        return refused(404, `there is no ${what}`);
    }
  }

  private video() {
    const { hdmiActive, video } = this.options.hardware;
    return {
      resolution: CHOICES.Resolution,
      resolutionSelectVal: CHOICES.Resolution.indexOf(video.resolution),
      encodeMode: CHOICES.Codec,
      encodeModeSelectVal: CHOICES.Codec.indexOf(video.codec),
      bitRate: CHOICES.Bitrate,
      bitRateSelectVal: CHOICES.Bitrate.indexOf(video.bitrate),
      fps: CHOICES.FrameRate,
      fpsSelectVal: CHOICES.FrameRate.indexOf(video.frameRate),
      displayOut: hdmiActive ? 1 : 0,
    };
  }

  private setVideo(body: unknown): RestAnswer {
    const { hardware } = this.options;
    return withBody(videoBody, body, (chosen) => {
      const { video } = hardware;
      hardware.video = {
        resolution: CHOICES.Resolution[chosen.resolutionSelectVal ?? -1] ?? video.resolution,
        codec: CHOICES.Codec[chosen.encodeModeSelectVal ?? -1] ?? video.codec,
        bitrate: CHOICES.Bitrate[chosen.bitRateSelectVal ?? -1] ?? video.bitrate,
        frameRate: CHOICES.FrameRate[chosen.fpsSelectVal ?? -1] ?? video.frameRate,
      };
      if (chosen.displayOut !== undefined) hardware.hdmiActive = chosen.displayOut === 1;
    });
  }

  private stream(isOn: boolean, port: number): RestAnswer {
    const url = `rtsp://${this.options.address}:${port}/live`;
    return { status: 200, body: { status: isOn, ...(isOn ? { url } : {}) } };
  }
}

function withBody<Body>(schema: z.ZodType<Body>, body: unknown, use: (body: Body) => void): RestAnswer {
  const read = schema.safeParse(body);
  if (!read.success) {
    const faults = read.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'the body'}: ${message}`,
    );
    return refused(400, faults.join('; '));
  }
  use(read.data);
  return done();
}

function done(): RestAnswer {
  return { status: 200, body: { status: true } };
}

function refused(status: number, error: string): RestAnswer {
  return { status, body: { status: false, error } };
}

/** An empty body is an empty object; undefined for what is no JSON. */
function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Microsoft's SDK sends the whole Set-Cookie back as its cookie. */
function sessionIn(cookie: string | undefined): string | undefined {
  return cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
}
