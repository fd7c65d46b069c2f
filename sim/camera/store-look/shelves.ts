/** Shelf units: gondolas, wall shelves, fridges. */
import type { Paint, Quad } from '../render/quads.js';
import { addBlock, type Bay } from './blocks.js';
import { flat, productRow, randomProduct, shaded } from './paints.js';
import type { StoreStyle } from './style.js';

const PLINTH = 0.12;
const BOARD = 0.03;
/** From one shelf to the next, about. */
const SHELF_PITCH = 0.38;
const PANEL = 0.04;

/** What a unit is clad with. */
interface Cladding {
  readonly frame: Paint;
  readonly back: Paint;
  readonly boards: Paint;
}

/** One side of a gondola or a wall shelf: `depth` of the bay's depth belongs to it. */
export function addShelves(
  quads: Quad[],
  bay: Bay,
  depth: number,
  height: number,
  style: StoreStyle,
  random: () => number,
): void {
  addUnit(
    quads,
    bay,
    depth,
    height,
    { frame: style.cladding, back: style.cladding, boards: style.metal },
    random,
  );
}

/** A lit cabinet with glass doors. */
export function addFridge(
  quads: Quad[],
  bay: Bay,
  depth: number,
  height: number,
  style: StoreStyle,
  random: () => number,
): void {
  const lit = flat([206, 214, 218]);
  addUnit(quads, bay, depth, height - 0.14, { frame: style.dark, back: lit, boards: lit }, random);
  const header = { left: 0, front: 0, low: height - 0.14, width: bay.length, depth, height: 0.14 };
  addBlock(quads, bay.frame, header, { sides: shaded(style.band, 0.14), top: style.dark });
  const doors = Math.max(1, Math.round(bay.length / 0.8));
  for (let i = 0; i <= doors; i++) {
    const left = Math.min(bay.length - 0.045, Math.max(0, (i * bay.length) / doors - 0.022));
    const post = { left, front: 0, low: PLINTH, width: 0.045, depth: 0.03, height: height - 0.14 - PLINTH };
    addBlock(quads, bay.frame, post, { sides: style.dark });
  }
}

function addUnit(
  quads: Quad[],
  bay: Bay,
  depth: number,
  height: number,
  cladding: Cladding,
  random: () => number,
): void {
  const { frame, length } = bay;
  const block = (
    left: number,
    front: number,
    low: number,
    width: number,
    deep: number,
    tall: number,
    sides: Paint,
  ) => addBlock(quads, frame, { left, front, low, width, depth: deep, height: tall }, { sides });
  block(0, 0, 0, length, depth, PLINTH, cladding.frame);
  block(0, depth - 0.03, PLINTH, length, 0.03, height - PLINTH, cladding.back);
  block(0, 0, PLINTH, PANEL, depth, height - PLINTH, cladding.frame);
  block(length - PANEL, 0, PLINTH, PANEL, depth, height - PLINTH, cladding.frame);
  const shelves = Math.max(1, Math.round((height - PLINTH) / SHELF_PITCH));
  const pitch = (height - PLINTH) / shelves;
  for (let shelf = 0; shelf < shelves; shelf++) {
    const low = PLINTH + shelf * pitch;
    block(PANEL, 0, low - BOARD / 2, length - 2 * PANEL, depth - 0.03, BOARD, cladding.boards);
    addGoods(quads, bay, depth, low + BOARD / 2, pitch * 0.84, random);
  }
  block(0, 0, height - 0.02, length, depth, 0.02, cladding.frame);
}

/** Runs of equal products on one shelf, with a gap here and there. */
function addGoods(
  quads: Quad[],
  bay: Bay,
  depth: number,
  low: number,
  tallest: number,
  random: () => number,
): void {
  let left = PANEL + 0.02;
  const end = bay.length - PANEL - 0.02;
  while (left < end) {
    const product = randomProduct(random, tallest);
    const room = Math.floor((end - left) / product.widthMetres);
    const count = Math.min(room, 1 + Math.floor(random() * 6));
    if (count < 1) return;
    const width = count * product.widthMetres;
    if (random() > 0.06) {
      const front = 0.015 + random() * 0.05;
      addBlock(
        quads,
        bay.frame,
        {
          left,
          front,
          low,
          width,
          depth: Math.max(0.08, depth - front - 0.06),
          height: product.heightMetres,
        },
        { sides: productRow(product), top: flat(product.body) },
      );
    }
    left += width + 0.012;
  }
}
