/** Colours people wear and are, as red, green, blue before lighting. */
import type { Colour } from '../render/materials.js';

function colours(...codes: readonly string[]): readonly Colour[] {
  return codes.map(colour);
}

/** From six hexadecimal digits. */
export function colour(code: string): Colour {
  const value = Number.parseInt(code, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export const SKINS = colours('f2cdb0', 'e4b48f', 'd29b72', 'b67b50', '8a5a3a', '6a432c');
export const HAIRS = colours('1d1612', '33231a', '4f3524', '6e4a2b', 'a57b43', 'c9a25f');
export const GREY_HAIRS = colours('8b8680', 'b5b1aa', 'd2cfc9');
export const TOPS = colours(
  ...['f2f0ea', 'e8e4da', '20232b', '2b3a5b', '3e5f8a', '7fa3c7', '8c1f2c', 'b5443a', 'c9862f', 'd8b14a'],
  ...['4d6b4a', '6d7a55', '8c8f94', '5a5f66', 'd9a3a8', '6b4a7a', '2f6f73', '3b3b3b', '4a6a8f'],
);
export const BOTTOMS = colours(
  ...['22252e', '2c3a57', '3b4f74', '5a7196', '1c1c1f', '4a4a4c', '8b7a5e', 'b8a988', '5b5145', '3d4437'],
);
export const SHOES = colours('1b1b1d', 'e9e7e2', '5a3b26', '3a3f4a', 'b8b2a8', '7c1f25');
export const INNERS = colours('f0eee8', 'd8d4cc', '2a2d33', '9fb4c8');
