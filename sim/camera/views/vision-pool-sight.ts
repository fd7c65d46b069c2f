/** One camera's sight on pixels: draws what it sees and lets the detector look at it. */
import type { PersonDetector } from '../../../pipeline/detection/detector.js';
import { GatedDetector, type GatedResult } from '../../../pipeline/detection/gated-detector.js';
import { renderBackground } from '../background.js';
import { FrameRenderer, type RenderedFrame } from '../frame.js';
import { frameSeedOf } from '../hash-random.js';
import { encodeJpeg } from '../jpeg.js';
import type { Wardrobes } from '../person/build-person.js';
import type { SceneCamera, ScenePlan } from '../scene.js';
import type { LookJob, LookResult, SightSettings } from './vision-pool-messages.js';

export class CameraSight {
  private readonly gated: GatedDetector;
  private drawing: FrameRenderer | undefined;

  /** Cameras of one thread share the detector, which keeps nothing between frames, and the shoppers' wardrobes. */
  constructor(
    private readonly plan: ScenePlan,
    private readonly camera: SceneCamera,
    private readonly detector: PersonDetector,
    private readonly settings: SightSettings,
    private readonly wardrobes: Wardrobes,
  ) {
    this.gated = new GatedDetector(detector);
  }

  async look(job: LookJob): Promise<LookResult> {
    const frame = this.draw(job);
    const { detections, looked } = await this.detect(frame);
    return {
      widthPixels: frame.widthPixels,
      heightPixels: frame.heightPixels,
      objects: detections,
      looked,
      people: frame.people,
      jpeg: job.wantPicture && detections.length > 0 ? encode(frame) : null,
    };
  }

  picture(job: LookJob): Uint8Array<ArrayBuffer> {
    return encode(this.draw(job));
  }

  private async detect(frame: RenderedFrame): Promise<GatedResult> {
    if (!this.settings.ignoreMotion) return this.gated.look(frame);
    return { detections: await this.detector.detect(frame), looked: true };
  }

  private draw({ shoppers, timeMs }: LookJob): RenderedFrame {
    this.drawing ??= new FrameRenderer(renderBackground(this.plan, this.camera), this.wardrobes);
    return this.drawing.render(shoppers, timeMs, frameSeedOf(this.camera.id, timeMs));
  }
}

/** A copy, since the encoder's own memory cannot go to another thread. */
function encode(frame: RenderedFrame): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encodeJpeg(frame));
}
