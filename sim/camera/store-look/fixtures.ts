/** Everything that stands on the floor and carries goods. */
import { hashRandom, pickOf, seedOfText } from '../hash-random.js';
import type { Quad } from '../render/quads.js';
import type { SceneDisplay, SceneSide } from '../scene.js';
import { addBlock, type Bay, type BlockBox, bayOf } from './blocks.js';
import { flat, hanging, hsl, productRow, randomProduct, shaded } from './paints.js';
import { addFridge, addShelves } from './shelves.js';
import type { StoreStyle } from './style.js';

const OPPOSITE: Readonly<Record<SceneSide, SceneSide>> = {
  north: 'south',
  south: 'north',
  east: 'west',
  west: 'east',
};

export function addDisplay(quads: Quad[], display: SceneDisplay, style: StoreStyle): void {
  const random = hashRandom(style.seed ^ seedOfText(display.id));
  const sides = shelfSides(display);
  switch (display.kind) {
    case 'gondola':
    case 'wall-shelf':
    case 'fridge':
      for (const side of sides) {
        const bay = bayOf(display, side);
        const depth = bay.depth / sides.length;
        const addSide = display.kind === 'fridge' ? addFridge : addShelves;
        addSide(quads, bay, depth, display.heightMetres, style, random);
      }
      return;
    case 'table':
      addTable(quads, bayOf(display, 'south'), display.heightMetres, style, random);
      return;
    case 'counter':
      addCounter(quads, bayOf(display, sides[0] ?? 'south'), display.heightMetres, style);
      return;
    case 'rail':
      addRail(quads, longBay(display), display.heightMetres, style, random);
      return;
    case 'stand':
      addStand(quads, bayOf(display, sides[0] ?? 'south'), display.heightMetres, style, random);
      return;
  }
}

/** One side, or two opposite ones back to back: the pair with the longer front where goods face all ways. */
function shelfSides(display: SceneDisplay): readonly SceneSide[] {
  const pairs: readonly SceneSide[] =
    display.widthMetres >= display.depthMetres
      ? ['south', 'north', 'west', 'east']
      : ['west', 'east', 'south', 'north'];
  const first = pairs.find((side) => display.front.includes(side));
  if (!first) return pairs.slice(0, 1);
  const paired = display.kind !== 'wall-shelf' && display.front.includes(OPPOSITE[first]);
  return paired ? [first, OPPOSITE[first]] : [first];
}

function longBay(display: SceneDisplay): Bay {
  return bayOf(display, display.widthMetres >= display.depthMetres ? 'south' : 'west');
}

function box(
  left: number,
  front: number,
  low: number,
  width: number,
  depth: number,
  height: number,
): BlockBox {
  return { left, front, low, width, depth, height };
}

/** A wooden table with folded goods or crates in piles. */
function addTable(quads: Quad[], bay: Bay, height: number, style: StoreStyle, random: () => number): void {
  const { frame, length, depth } = bay;
  addBlock(quads, frame, box(0, 0, height - 0.05, length, depth, 0.05), { sides: style.wood });
  for (const left of [0.04, length - 0.1]) {
    for (const front of [0.04, depth - 0.1]) {
      addBlock(quads, frame, box(left, front, 0, 0.06, 0.06, height - 0.05), { sides: style.dark });
    }
  }
  for (let left = 0.07; left + 0.26 < length; left += 0.31) {
    for (let front = 0.06; front + 0.26 < depth; front += 0.31) {
      const [r, g, b] = hsl(random(), 0.2 + 0.3 * random(), 0.28 + 0.38 * random());
      const layers = 1 + Math.floor(random() * 5);
      for (let layer = 0; layer < layers; layer++) {
        const tone = 0.93 + 0.12 * random();
        const low = height + layer * 0.035;
        const piece = box(left + random() * 0.01, front + random() * 0.01, low, 0.24, 0.24, 0.032);
        addBlock(quads, frame, piece, { sides: flat([r * tone, g * tone, b * tone]) });
      }
    }
  }
}

/** A smaller counter carries no till. */
const TILL_ROOM_METRES = { length: 0.9, depth: 0.56 } as const;

/** A counter with tills and their screens. */
function addCounter(quads: Quad[], bay: Bay, height: number, style: StoreStyle): void {
  const { frame, length, depth } = bay;
  addBlock(quads, frame, box(0.02, 0.03, 0, length - 0.04, depth - 0.06, height - 0.05), {
    sides: style.wood,
  });
  addBlock(quads, frame, box(0.01, 0.015, 0, length - 0.02, depth - 0.03, 0.1), { sides: style.dark });
  addBlock(quads, frame, box(0, 0, height - 0.05, length, depth, 0.05), { sides: flat([190, 188, 183]) });
  const middle = depth * 0.45;
  const room = length >= TILL_ROOM_METRES.length && depth >= TILL_ROOM_METRES.depth;
  const tills = room ? Math.max(1, Math.floor(length / 2.2)) : 0;
  for (let i = 0; i < tills; i++) {
    const left = ((i + 0.5) * length) / tills - 0.3;
    addBlock(quads, frame, box(left, middle, height, 0.36, 0.3, 0.1), { sides: flat([52, 54, 60]) });
    addBlock(quads, frame, box(left + 0.03, middle + 0.1, height + 0.1, 0.3, 0.04, 0.24), {
      sides: flat([40, 46, 58]),
    });
    addBlock(quads, frame, box(left + 0.46, middle, height, 0.09, 0.16, 0.09), { sides: flat([66, 68, 72]) });
  }
}

/** Clothes on hangers below a bar on two posts. */
function addRail(quads: Quad[], bay: Bay, height: number, style: StoreStyle, random: () => number): void {
  const { frame, length, depth } = bay;
  const middle = depth / 2;
  addBlock(quads, frame, box(0, middle - 0.015, height - 0.03, length, 0.03, 0.03), { sides: style.metal });
  for (const left of [0, length - 0.04]) {
    addBlock(quads, frame, box(left, middle - 0.02, 0, 0.04, 0.04, height - 0.03), { sides: style.metal });
    addBlock(quads, frame, box(left - 0.01, 0.02, 0, 0.06, depth - 0.04, 0.05), { sides: style.metal });
  }
  const breadth = Math.min(0.46, depth - 0.06);
  for (let left = 0.09; left < length - 0.12; left += 0.085 + 0.03 * random()) {
    const colour = hsl(random(), 0.12 + 0.25 * random(), 0.24 + 0.4 * random());
    const long = Math.min(height - 0.25, 0.68 + 0.25 * random());
    const garment = box(left, middle - breadth / 2, height - 0.05 - long, 0.05, breadth, long);
    addBlock(quads, frame, garment, { sides: hanging(colour, long), top: flat(colour) });
  }
}

/** A promotion: a plinth of stacked products under a printed board. */
function addStand(quads: Quad[], bay: Bay, height: number, style: StoreStyle, random: () => number): void {
  const { frame, length, depth } = bay;
  const base = Math.min(0.35, height * 0.3);
  addBlock(quads, frame, box(0, 0, 0, length, depth, base), { sides: shaded(style.band, base) });
  const product = randomProduct(random, 0.3);
  let low = base;
  for (
    let inset = 0.03;
    low + product.heightMetres < height - 0.3 && inset * 2 < Math.min(length, depth) - 0.2;
    inset += 0.05
  ) {
    const stack = box(inset, inset, low, length - 2 * inset, depth - 2 * inset, product.heightMetres);
    addBlock(quads, frame, stack, { sides: productRow(product), top: flat(product.body) });
    low += product.heightMetres;
  }
  if (height - low < 0.12) return;
  const board = box(length * 0.15, depth / 2 - 0.015, low, length * 0.7, 0.03, height - low);
  const colour = pickOf([style.band, hsl(random(), 0.4, 0.45)], random);
  addBlock(quads, frame, board, { sides: shaded(colour, height - low) });
}
