/** Upright boxes as quads, in a frame that may be turned on the floor. */
import type { Vector } from '../camera-pose.js';
import type { Paint, Quad } from '../render/quads.js';
import { add, scale } from '../render/vectors.js';
import type { SceneDisplay, SceneSide } from '../scene.js';

/** Light on a face that looks south, north, east or west, and on tops. */
const LIGHT = { south: 0.85, north: 0.96, east: 0.89, west: 0.8, top: 1.02 } as const;

/** A place on the floor with two level unit directions; `right` × `back` points up. */
export interface BlockFrame {
  readonly origin: Vector;
  readonly right: Vector;
  readonly back: Vector;
}

/** Left, front and low edge of a box in its frame, and its sizes, in metres. */
export interface BlockBox {
  readonly left: number;
  readonly front: number;
  readonly low: number;
  readonly width: number;
  readonly depth: number;
  readonly height: number;
}

/** A paint for the sides, and another for the top if it differs. */
export interface BlockPaint {
  readonly sides: Paint;
  readonly top?: Paint;
}

export function addBlock(quads: Quad[], frame: BlockFrame, box: BlockBox, paint: BlockPaint): void {
  const { right, back } = frame;
  const corner = (a: number, b: number, z: number): Vector =>
    add(add(add(frame.origin, scale(right, box.left + a)), scale(back, box.front + b)), [0, 0, box.low + z]);
  const up: Vector = [0, 0, box.height];
  const side = (origin: Vector, edgeU: Vector, outwards: Vector) => {
    quads.push({ origin, edgeU, edgeV: up, paint: paint.sides, light: sideLight(outwards), floor: false });
  };
  side(corner(0, 0, 0), scale(right, box.width), scale(back, -1));
  side(corner(box.width, box.depth, 0), scale(right, -box.width), back);
  side(corner(box.width, 0, 0), scale(back, box.depth), right);
  side(corner(0, box.depth, 0), scale(back, -box.depth), scale(right, -1));
  quads.push({
    origin: corner(0, 0, box.height),
    edgeU: scale(right, box.width),
    edgeV: scale(back, box.depth),
    paint: paint.top ?? paint.sides,
    light: LIGHT.top,
    floor: false,
  });
}

/** Blends the light of the two compass directions that a face looks to. */
function sideLight(outwards: Vector): number {
  const [x, y] = outwards;
  const horizontal = x > 0 ? LIGHT.east : LIGHT.west;
  const vertical = y > 0 ? LIGHT.north : LIGHT.south;
  return horizontal * x * x + vertical * y * y;
}

/** A display's footprint seen from one of its sides: the origin at its left front corner. */
export interface Bay {
  readonly frame: BlockFrame;
  readonly length: number;
  readonly depth: number;
}

export function bayOf(display: SceneDisplay, side: SceneSide): Bay {
  const { at, widthMetres: w, depthMetres: d } = display;
  const [x0, y0, x1, y1] = [at.x, at.y, at.x + w, at.y + d];
  switch (side) {
    case 'south':
      return { frame: { origin: [x0, y0, 0], right: [1, 0, 0], back: [0, 1, 0] }, length: w, depth: d };
    case 'north':
      return { frame: { origin: [x1, y1, 0], right: [-1, 0, 0], back: [0, -1, 0] }, length: w, depth: d };
    case 'east':
      return { frame: { origin: [x1, y0, 0], right: [0, 1, 0], back: [-1, 0, 0] }, length: d, depth: w };
    case 'west':
      return { frame: { origin: [x0, y1, 0], right: [0, -1, 0], back: [1, 0, 0] }, length: d, depth: w };
  }
}
