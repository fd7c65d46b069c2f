/** The empty store as one camera sees it: drawn once, then copied into every frame. */
import { type CameraPose, cameraPose } from './camera-pose.js';
import { drawQuads, type Quad, SampleCanvas } from './render/quads.js';
import { SAMPLES } from './render/silhouette.js';
import type { SceneCamera, ScenePlan } from './scene.js';
import { addDisplay } from './store-look/fixtures.js';
import { addRoom } from './store-look/room.js';
import { storeStyle } from './store-look/style.js';

export interface Background {
  readonly cameraId: string;
  readonly pose: CameraPose;
  /** Red, green, blue, 255 a pixel, lens shading included. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** 1/depth of every sample. */
  readonly nearness: Float32Array<ArrayBuffer>;
  /** Share of each pixel that is floor, in samples: shadows fall there. */
  readonly floor: Uint8Array;
  /** How much light the lens passes at each pixel: less in the corners. */
  readonly lens: Float32Array;
}

const CORNER_LOSS = 0.3;

export function renderBackground(plan: ScenePlan, camera: SceneCamera): Background {
  const pose = cameraPose(camera);
  const canvas = new SampleCanvas(pose);
  drawQuads(canvas, pose, storeQuads(plan));
  const lens = lensShading(pose);
  const { rgba, floor } = averageSamples(canvas, pose, lens);
  return { cameraId: camera.id, pose, rgba, nearness: canvas.nearness, floor, lens };
}

/** All cameras of a store look at the same things. */
const quadsOfPlans = new WeakMap<ScenePlan, readonly Quad[]>();

function storeQuads(plan: ScenePlan): readonly Quad[] {
  const known = quadsOfPlans.get(plan);
  if (known !== undefined) return known;
  const style = storeStyle(plan);
  const quads: Quad[] = [];
  addRoom(quads, plan, style);
  for (const display of plan.displays) addDisplay(quads, display, style);
  quadsOfPlans.set(plan, quads);
  return quads;
}

function lensShading(pose: CameraPose): Float32Array {
  const { widthPixels: w, heightPixels: h } = pose;
  const lens = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const v = (y - h / 2) / h;
    for (let x = 0; x < w; x++) {
      const u = (x - w / 2) / w;
      lens[y * w + x] = 1 - CORNER_LOSS * (u * u + v * v);
    }
  }
  return lens;
}

function averageSamples(canvas: SampleCanvas, pose: CameraPose, lens: Float32Array) {
  const { widthPixels: w, heightPixels: h } = pose;
  const rgba = new Uint8ClampedArray(w * h * 4);
  const floor = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const pixel = y * w + x;
      const sums = [0, 0, 0];
      for (let k = 0; k < SAMPLES * SAMPLES; k++) {
        const sample = (y * SAMPLES + Math.floor(k / SAMPLES)) * canvas.width + x * SAMPLES + (k % SAMPLES);
        for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (canvas.colour[sample * 3 + c] ?? 0);
        floor[pixel] = (floor[pixel] ?? 0) + (canvas.floor[sample] ?? 0);
      }
      const factor = (lens[pixel] ?? 1) / (SAMPLES * SAMPLES);
      for (let c = 0; c < 3; c++) rgba[pixel * 4 + c] = (sums[c] ?? 0) * factor;
      rgba[pixel * 4 + 3] = 255;
    }
  }
  return { rgba, floor };
}
