/** What store surfaces are painted with; u runs sideways and v upwards, in metres. */
import type { Colour } from '../render/materials.js';
import type { Paint } from '../render/quads.js';
import { GRAIN, MOTTLE, texel } from '../render/textures.js';

export function put(target: Float64Array, colour: Colour, factor: number): void {
  target[0] = colour[0] * factor;
  target[1] = colour[1] * factor;
  target[2] = colour[2] * factor;
}

/** Even paint with faint blotches. */
export function flat(colour: Colour): Paint {
  return (u, v, target) => put(target, colour, 1 + 0.05 * texel(MOTTLE, u * 120, v * 120));
}

/** Paint that is darker at its foot, `height` tall. */
export function shaded(colour: Colour, height: number): Paint {
  return (u, v, target) =>
    put(
      target,
      colour,
      (0.78 + 0.22 * Math.min(1, v / height)) * (1 + 0.05 * texel(MOTTLE, u * 120, v * 120)),
    );
}

/** Boards with grain along u. */
export function wood(colour: Colour): Paint {
  return (u, v, target) => {
    const board = Math.floor(v / 0.14);
    const tone = 0.94 + 0.1 * texel(GRAIN, board * 37, board * 11);
    const joint = v - board * 0.14 < 0.005 ? 0.82 : 1;
    put(target, colour, tone * joint * (1 + 0.16 * texel(MOTTLE, u * 40, v * 900)));
  };
}

/** Cloth that hangs: vertical folds, darker below. */
export function hanging(colour: Colour, height: number): Paint {
  return (u, v, target) =>
    put(target, colour, (0.72 + 0.28 * (v / height)) * (1 + 0.35 * texel(MOTTLE, u * 500, v * 40)));
}

/** From hue, saturation and lightness in [0, 1]. */
export function hsl(hue: number, saturation: number, lightness: number): Colour {
  const channel = (offset: number) => {
    const k = (offset + hue * 12) % 12;
    const range = saturation * Math.min(lightness, 1 - lightness);
    return 255 * (lightness - range * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** How a product looks from its front. */
export interface Product {
  readonly widthMetres: number;
  readonly heightMetres: number;
  readonly body: Colour;
  readonly label: Colour;
  readonly accent: Colour;
  /** Tins, jars and bottles darken towards their sides. */
  readonly round: boolean;
  readonly seed: number;
}

export function randomProduct(random: () => number, tallest: number): Product {
  const hue = random();
  const strength = random();
  const body =
    random() < 0.2
      ? ([188, 184, 176] as const)
      : hsl(hue, (0.15 + 0.6 * strength * strength) * 0.5, 0.26 + 0.34 * random());
  return {
    widthMetres: 0.07 + random() * 0.12,
    heightMetres: Math.min(tallest, 0.1 + random() * 0.22),
    body,
    label: random() < 0.5 ? [192, 189, 181] : hsl((hue + 0.5 * random()) % 1, 0.25, 0.54),
    accent: hsl(random(), 0.28, 0.36),
    round: random() < 0.45,
    seed: Math.floor(random() * 99),
  };
}

/** A row of equal products beside each other. */
export function productRow(product: Product): Paint {
  const { widthMetres: width, heightMetres: height, seed } = product;
  return (u, v, target) => {
    const item = Math.floor(u / width);
    const across = u / width - item;
    const up = v / height;
    const side = 2 * across - 1;
    const inLabel = up > 0.28 && up < 0.76 && across > 0.12 && across < 0.88;
    const stripe =
      (up > 0.5 && up < 0.6) || ((Math.floor(across * 9) + seed) % 3 === 0 && up > 0.36 && up < 0.45);
    const colour = inLabel ? (stripe ? product.accent : product.label) : product.body;
    const form = product.round ? 1 - 0.4 * side * side * side * side - 0.12 * side * side : 1;
    const gap = across < 0.045 || across > 0.955 ? 0.6 : 1;
    const lid = product.round && up > 0.9 ? 0.8 : 1;
    put(target, colour, (0.78 + 0.2 * up) * form * gap * lid * (0.97 + 0.03 * ((item * 7 + seed) % 3)));
  };
}
