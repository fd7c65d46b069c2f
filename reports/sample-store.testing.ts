/** The store and the frames of the sample record. */
import { createCanvas } from '@napi-rs/canvas';
import type { StoreDrawing } from './run-record.js';

/** A row of sections, each with two displays and a camera. */
export function sampleStore(sections: number): StoreDrawing {
  const widthMetres = 5 * sections;
  const columns = widthMetres * 2;
  const rows = 20;
  return {
    name: 'Corner shop',
    widthMetres,
    depthMetres: 10,
    walls: [{ from: { x: 5, y: 7 }, to: { x: 5, y: 10 }, thicknessMetres: 0.15 }],
    entrances: [
      { id: 'front-door', at: { x: 2.5, y: 0 }, widthMetres: 1.6 },
      { id: 'side-door', at: { x: widthMetres, y: 5 }, widthMetres: 1.2 },
    ],
    sections: Array.from({ length: sections }, (_, index) => ({
      id: `section-${index}`,
      name: ['Entrance', 'Groceries', 'Bakery', 'Click and collect'][index % 4] ?? '',
      area: [
        { x: 5 * index, y: 0 },
        { x: 5 * index + 5, y: 0 },
        { x: 5 * index + 5, y: 10 },
        { x: 5 * index, y: 10 },
      ],
    })),
    displays: Array.from({ length: 2 * sections }, (_, index) => ({
      id: `display-${index}`,
      name: `${['Drinks', 'Snacks', 'Magazines', 'Bread', 'Coffee'][index % 5]} ${index}`,
      kind: 'gondola',
      at: { x: 5 * (index >> 1) + 1, y: index % 2 === 0 ? 1.5 : 7.5 },
      widthMetres: index % 2 === 0 ? 3 : 0.8,
      depthMetres: index % 2 === 0 ? 0.8 : 2,
    })),
    cameras: Array.from({ length: sections }, (_, index) => ({
      id: `camera-${index}`,
      section: `section-${index}`,
      at: { x: 5 * index + 0.3, y: 9.7 },
      headingDegrees: 150,
      fieldOfViewDegrees: 75,
      view: [
        { x: 5 * index + 0.6, y: 8.5 },
        { x: 5 * index + 1, y: 0.5 },
        { x: 5 * index + 4.8, y: 3 },
        { x: 5 * index + 2, y: 8.6 },
      ],
    })),
    heat: {
      columns,
      rows,
      cellMetres: 0.5,
      personSeconds: Array.from({ length: columns * rows }, (_, index) => {
        const [x, y] = [index % columns, Math.floor(index / columns)];
        return Math.round(Math.max(0, 40 + 40 * Math.sin(x / 3) * Math.cos(y / 4) - 15));
      }),
    },
  };
}

/** A picture with two boxes, in base64. */
export function sampleFrame(index: number): string {
  const canvas = createCanvas(320, 240);
  const context = canvas.getContext('2d');
  context.fillStyle = `hsl(${index * 70} 20% 70%)`;
  context.fillRect(0, 0, 320, 240);
  context.strokeStyle = '#21d19f';
  context.strokeRect(60 + index * 20, 60, 50, 120);
  context.strokeRect(200, 80, 40, 100);
  return canvas.toBuffer('image/jpeg').toString('base64');
}
