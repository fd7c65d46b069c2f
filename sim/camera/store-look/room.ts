/** Floor, ceiling, walls and doors. */
import { cosine } from '../arithmetic.js';
import type { Vector } from '../camera-pose.js';
import { hashRandom } from '../hash-random.js';
import type { Paint, Quad } from '../render/quads.js';
import { GRAIN, MOTTLE, texel } from '../render/textures.js';
import type { SceneEntrance, ScenePlan, SceneWall } from '../scene.js';
import { addBlock } from './blocks.js';
import { FloorShade } from './floor-shade.js';
import { hsl, put } from './paints.js';
import type { StoreStyle } from './style.js';

const DOOR_HEIGHT = 2.2;
const TILE_METRES = 0.6;
const PLANK_WIDTH = 0.16;
const PLANK_LENGTH = 1.2;

export function addRoom(quads: Quad[], plan: ScenePlan, style: StoreStyle): void {
  const { widthMetres: w, depthMetres: d, ceilingMetres: h } = plan;
  const surface = (
    origin: Vector,
    edgeU: Vector,
    edgeV: Vector,
    paint: Paint,
    light: number,
    floor = false,
  ) => {
    quads.push({ origin, edgeU, edgeV, paint, light, floor });
  };
  surface([0, 0, 0], [w, 0, 0], [0, d, 0], floorPaint(plan, style), 0.98, true);
  surface([0, d, h], [w, 0, 0], [0, -d, 0], ceilingPaint, 0.95);
  const doorsAt = (onWall: (entrance: SceneEntrance) => number | undefined) =>
    plan.entrances.flatMap((entrance) => {
      const middle = onWall(entrance);
      return middle === undefined ? [] : [{ middle, half: entrance.widthMetres / 2 }];
    });
  const touches = (value: number, wall: number) => Math.abs(value - wall) < 0.05;
  const south = doorsAt((e) => (touches(e.at.y, 0) ? w - e.at.x : undefined));
  const north = doorsAt((e) => (touches(e.at.y, d) ? e.at.x : undefined));
  const west = doorsAt((e) => (touches(e.at.x, 0) ? e.at.y : undefined));
  const east = doorsAt((e) => (touches(e.at.x, w) ? d - e.at.y : undefined));
  surface([w, 0, 0], [-w, 0, 0], [0, 0, h], wallPaint(style, south, 1, w), 0.94);
  surface([0, d, 0], [w, 0, 0], [0, 0, h], wallPaint(style, north, 2, w), 0.9);
  surface([0, 0, 0], [0, d, 0], [0, 0, h], wallPaint(style, west, 3, d), 0.86);
  surface([w, d, 0], [0, -d, 0], [0, 0, h], wallPaint(style, east, 4, d), 0.88);
  for (const wall of plan.walls) addInnerWall(quads, wall, h, style);
}

function floorPaint(plan: ScenePlan, style: StoreStyle): Paint {
  const shade = new FloorShade(plan);
  const pattern = style.flooring === 'planks' ? planks(style) : tiles(style);
  return (x, y, target) => {
    pattern(x, y, target);
    const lamps = 0.93 + 0.07 * cosine((x * 2 * Math.PI) / 4) * cosine((y * 2 * Math.PI) / 3);
    const light = lamps * shade.at(x, y);
    target[0] = (target[0] as number) * light;
    target[1] = (target[1] as number) * light;
    target[2] = (target[2] as number) * light;
  };
}

function tiles(style: StoreStyle): Paint {
  return (x, y, target) => {
    const column = Math.floor(x / TILE_METRES);
    const row = Math.floor(y / TILE_METRES);
    const joint = x - column * TILE_METRES < 0.008 || y - row * TILE_METRES < 0.008 ? 0.84 : 1;
    const odd = style.flooring === 'checked' && ((column + row) & 1) === 1;
    const tone =
      0.985 + 0.05 * texel(GRAIN, column * 71 + row * 13, row * 29) + 0.05 * texel(MOTTLE, x * 60, y * 60);
    put(target, style.floorColours[odd ? 1 : 0], tone * joint);
  };
}

function planks(style: StoreStyle): Paint {
  return (x, y, target) => {
    const row = Math.floor(y / PLANK_WIDTH);
    const shifted = x + (texel(MOTTLE, row * 37, row * 11) + 0.5) * 8;
    const plank = Math.floor(shifted / PLANK_LENGTH);
    const tone = 0.97 + 0.2 * texel(MOTTLE, plank * 23, row * 53);
    const joint = y - row * PLANK_WIDTH < 0.006 || shifted - plank * PLANK_LENGTH < 0.008 ? 0.78 : 1;
    put(target, style.floorColours[0], tone * joint * (1 + 0.1 * texel(MOTTLE, x * 40, y * 700)));
  };
}

/** Panels of 60 cm with lamps at every fourth by fifth; u from the west wall, v from the north wall. */
const ceilingPaint: Paint = (u, v, target) => {
  const fx = u % 4;
  const fy = v % 3;
  const lamp = fx > 1.4 && fx < 2.6 && fy > 1.2 && fy < 1.8;
  const joint = u % TILE_METRES < 0.02 || v % TILE_METRES < 0.02 ? 0.88 : 1;
  put(target, lamp ? [254, 253, 248] : [204, 203, 199], lamp ? 1.04 : joint);
};

interface Door {
  readonly middle: number;
  readonly half: number;
}

/** A wall with skirting, a painted band, posters where there is room, and its doors. */
function wallPaint(style: StoreStyle, doors: readonly Door[], salt: number, length: number): Paint {
  const posters = wallPosters(style, salt, length);
  return (u, v, target) => {
    const door = doors.find(({ middle, half }) => Math.abs(u - middle) < half + 0.08);
    if (door && v < DOOR_HEIGHT + 0.08) {
      paintDoor(door, u, v, target);
      return;
    }
    const slot = Math.floor(u / POSTER_PITCH);
    const poster = posters[slot];
    const inPoster = u - slot * POSTER_PITCH - 0.5;
    if (poster && inPoster > 0 && inPoster < 1.1 && v > 1.95 && v < 2.6) {
      poster(inPoster / 1.1, (v - 1.95) / 0.65, target);
      return;
    }
    const skirting = v < 0.1 ? 0.55 : 1;
    const inBand = v > 2.72 && v < 2.92;
    const tone = 0.84 + 0.05 * Math.min(v, 3) + 0.04 * texel(MOTTLE, u * 30, v * 30);
    put(target, inBand ? style.band : style.wall, tone * skirting);
  };
}

const POSTER_PITCH = 2.4;

function wallPosters(style: StoreStyle, salt: number, length: number): readonly (Paint | undefined)[] {
  const random = hashRandom(style.seed + salt);
  return Array.from({ length: Math.floor(length / POSTER_PITCH) }, () => {
    const hue = random();
    const ground = hsl(hue, 0.28, 0.5);
    const panel = hsl((hue + 0.1) % 1, 0.2, 0.72);
    const print = hsl(random(), 0.35, 0.3);
    if (random() < 0.45) return undefined;
    return (u: number, v: number, target: Float64Array) => {
      const inPanel = u > 0.08 && u < 0.92 && v > 0.5 && v < 0.88;
      const inPrint = v > 0.14 && v < 0.38 && Math.floor(v * 16) % 2 === 0 && u > 0.1 && u < 0.8;
      put(target, inPanel ? panel : inPrint ? print : ground, 1);
    };
  });
}

/** Glass leaves in dark frames, daylight behind them. */
function paintDoor(door: Door, u: number, v: number, target: Float64Array): void {
  const across = Math.abs(u - door.middle);
  const frame =
    across > door.half || v > DOOR_HEIGHT || across < 0.025 || door.half - across < 0.05 || v < 0.08;
  if (frame) {
    put(target, [78, 80, 84], 1);
    return;
  }
  const reflection = (u * 1.3 + v) % 1.1 < 0.12 ? 1.05 : 1;
  put(target, v < 0.9 ? [168, 172, 172] : [196, 208, 216], (0.86 + 0.06 * v) * reflection);
}

function addInnerWall(quads: Quad[], wall: SceneWall, height: number, style: StoreStyle): void {
  const dx = wall.to.x - wall.from.x;
  const dy = wall.to.y - wall.from.y;
  const length = Math.sqrt(dx * dx + dy * dy);
  if (length === 0) return;
  const right: Vector = [dx / length, dy / length, 0];
  const back: Vector = [-dy / length, dx / length, 0];
  addBlock(
    quads,
    { origin: [wall.from.x, wall.from.y, 0], right, back },
    {
      left: 0,
      front: -wall.thicknessMetres / 2,
      low: 0,
      width: length,
      depth: wall.thicknessMetres,
      height,
    },
    { sides: wallPaint(style, [], 9, 0) },
  );
}
