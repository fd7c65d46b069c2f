/**
 * Puts silhouettes before the background: decides for every sample who is nearest, counts what is seen of each
 * person, then shades each pixel once and blends the edges.
 */
import type { CameraPose } from '../camera-pose.js';
import type { Material } from './materials.js';
import type { Mesh } from './mesh.js';
import { type PersonLight, shadePoint } from './shade.js';
import { SAMPLES, type SampleRectangle, type Silhouette } from './silhouette.js';

/** One person, ready to be put into the picture. */
export interface Layer {
  readonly mesh: Mesh;
  readonly silhouette: Silhouette;
  readonly materials: readonly Material[];
  readonly light: PersonLight;
  /** The material whose samples are counted as the face. */
  readonly faceMaterial: number;
}

/** What of a layer reached the picture, in samples. */
export interface LayerSight {
  readonly whole: number;
  readonly seen: number;
  readonly wholeFace: number;
  readonly seenFace: number;
  /** Around the samples seen; right and bottom excluded. Undefined when none is. */
  readonly bounds: SampleRectangle | undefined;
}

export class Compositor {
  private readonly width: number;
  private readonly height: number;
  private readonly pose: CameraPose;
  private readonly nearness: Float32Array;
  /** Index of the layer + 1 at each sample, 0 where the background shows. */
  private readonly owner: Uint16Array;

  constructor(pose: CameraPose) {
    this.pose = pose;
    this.width = pose.widthPixels * SAMPLES;
    this.height = pose.heightPixels * SAMPLES;
    this.nearness = new Float32Array(this.width * this.height);
    this.owner = new Uint16Array(this.width * this.height);
  }

  /** Decides who is seen at each sample, and says what of each layer is. */
  resolve(layers: readonly Layer[], background: Float32Array): readonly LayerSight[] {
    for (const layer of layers) this.clear(this.inside(layer), background);
    layers.forEach((layer, index) => {
      this.place(layer, this.inside(layer), index + 1);
    });
    return layers.map((layer, index) => this.sightOf(layer, this.inside(layer), index + 1));
  }

  /** Draws the layers over `rgba`, which holds the background. */
  shade(layers: readonly Layer[], rgba: Uint8ClampedArray, lens: Float32Array): void {
    layers.forEach((layer, index) => {
      this.shadeLayer(layer, index + 1, rgba, lens);
    });
  }

  private inside({ silhouette }: Layer): SampleRectangle {
    const { left, top, right, bottom } = silhouette.bounds;
    return {
      left: Math.max(0, left),
      top: Math.max(0, top),
      right: Math.min(this.width, right),
      bottom: Math.min(this.height, bottom),
    };
  }

  /** Clears whole pixels: shading asks who owns each of a pixel's samples, those outside the rectangle too. */
  private clear({ left, top, right, bottom }: SampleRectangle, background: Float32Array): void {
    if (right <= left) return;
    const lastRow = bottom + (bottom % SAMPLES);
    for (let y = top - (top % SAMPLES); y < lastRow; y++) {
      const start = y * this.width + left - (left % SAMPLES);
      const end = y * this.width + right + (right % SAMPLES);
      this.nearness.set(background.subarray(start, end), start);
      this.owner.fill(0, start, end);
    }
  }

  private place({ silhouette }: Layer, inside: SampleRectangle, id: number): void {
    const { nearness, owner } = this;
    const { left, top, right } = silhouette.bounds;
    for (let y = inside.top; y < inside.bottom; y++) {
      let from = (y - top) * (right - left) + inside.left - left;
      let to = y * this.width + inside.left;
      for (let x = inside.left; x < inside.right; x++, from++, to++) {
        const near = silhouette.nearness[from] as number;
        if (near <= (nearness[to] as number)) continue;
        nearness[to] = near;
        owner[to] = id;
      }
    }
  }

  private sightOf(
    { silhouette, mesh, faceMaterial }: Layer,
    inside: SampleRectangle,
    id: number,
  ): LayerSight {
    const { left, top, right, bottom } = silhouette.bounds;
    let whole = 0;
    let wholeFace = 0;
    let seen = 0;
    let seenFace = 0;
    const box = { left: this.width, top: this.height, right: 0, bottom: 0 };
    for (let y = top, from = 0; y < bottom; y++) {
      const rowInside = y >= inside.top && y < inside.bottom;
      for (let x = left; x < right; x++, from++) {
        const triangle = silhouette.triangle[from] as number;
        if (triangle === 0) continue;
        const face = (mesh.materials[triangle - 1] as number) === faceMaterial ? 1 : 0;
        whole++;
        wholeFace += face;
        if (!rowInside || x < inside.left || x >= inside.right) continue;
        if ((this.owner[y * this.width + x] as number) !== id) continue;
        seen++;
        seenFace += face;
        if (x < box.left) box.left = x;
        if (x >= box.right) box.right = x + 1;
        if (y < box.top) box.top = y;
        if (y >= box.bottom) box.bottom = y + 1;
      }
    }
    return { whole, seen, wholeFace, seenFace, bounds: seen > 0 ? box : undefined };
  }

  /** Shades every pixel of which the layer owns a sample, once, and blends it in by the samples it owns. */
  private shadeLayer(layer: Layer, id: number, rgba: Uint8ClampedArray, lens: Float32Array): void {
    const { left, top, right, bottom } = this.inside(layer);
    const width = this.pose.widthPixels;
    const { owner } = this;
    for (let py = top >> 1; py < (bottom + 1) >> 1; py++) {
      let sample = py * SAMPLES * this.width + (left >> 1) * SAMPLES;
      for (let px = left >> 1; px < (right + 1) >> 1; px++, sample += SAMPLES) {
        const a = owner[sample] as number;
        const b = owner[sample + 1] as number;
        const c = owner[sample + this.width] as number;
        const d = owner[sample + this.width + 1] as number;
        const count = (a === id ? 1 : 0) + (b === id ? 1 : 0) + (c === id ? 1 : 0) + (d === id ? 1 : 0);
        if (count === 0) continue;
        const at =
          a === id
            ? sample
            : b === id
              ? sample + 1
              : c === id
                ? sample + this.width
                : sample + this.width + 1;
        this.shadeSample(layer, at);
        // The mean of what was there and this layer, each by its samples: after the last layer it is the whole mean.
        const upTo = (a <= id ? 1 : 0) + (b <= id ? 1 : 0) + (c <= id ? 1 : 0) + (d <= id ? 1 : 0);
        const pixel = py * width + px;
        blend(rgba, pixel * 4, count / upTo, lens[pixel] as number);
      }
    }
  }

  private shadeSample(layer: Layer, sample: number): void {
    const { mesh, silhouette } = layer;
    const x = sample % this.width;
    const y = (sample - x) / this.width;
    const { left, top, right } = silhouette.bounds;
    const triangle = (silhouette.triangle[(y - top) * (right - left) + x - left] as number) - 1;
    const { screen: s, corners } = mesh;
    const i = (corners[triangle * 3] as number) * 3;
    const j = (corners[triangle * 3 + 1] as number) * 3;
    const k = (corners[triangle * 3 + 2] as number) * 3;
    const dx = x + 0.5;
    const dy = y + 0.5;
    const ax = (s[i] as number) - dx;
    const ay = (s[i + 1] as number) - dy;
    const bx = (s[j] as number) - dx;
    const by = (s[j + 1] as number) - dy;
    const cx = (s[k] as number) - dx;
    const cy = (s[k + 1] as number) - dy;
    const w0 = bx * cy - by * cx;
    const w1 = cx * ay - cy * ax;
    const w2 = ax * by - ay * bx;
    const scale = 1 / (w0 + w1 + w2);
    const material = layer.materials[mesh.materials[triangle] as number];
    if (material)
      shadePoint(mesh, triangle, w0 * scale, w1 * scale, w2 * scale, material, layer.light, shaded);
  }
}

const shaded = new Float64Array(3);

function blend(rgba: Uint8ClampedArray, at: number, share: number, lens: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const before = rgba[at + channel] as number;
    rgba[at + channel] = before + ((shaded[channel] as number) * lens - before) * share;
  }
}
