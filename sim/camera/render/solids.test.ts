import { describe, expect, test } from 'vitest';
import { Mesh } from './mesh.js';
import { addBall, addLoft, type Ring } from './solids.js';

function tube(from: number, to: number): readonly Ring[] {
  return [from, (from + to) / 2, to].map((z) => ({
    centre: [0, 0, z],
    across: [0.3, 0, 0],
    along: [0, 0.2, 0],
    v: z,
  }));
}

/** The volume the triangles enclose; negative when they face inwards (divergence theorem). */
function volume(mesh: Mesh): number {
  const p = (i: number) => [0, 1, 2].map((axis) => mesh.positions[i * 3 + axis] ?? 0);
  let sum = 0;
  for (let k = 0; k < mesh.triangleCount; k++) {
    const [[ax = 0, ay = 0, az = 0], [bx = 0, by = 0, bz = 0], [cx = 0, cy = 0, cz = 0]] = [
      p(mesh.corners[k * 3] ?? 0),
      p(mesh.corners[k * 3 + 1] ?? 0),
      p(mesh.corners[k * 3 + 2] ?? 0),
    ];
    sum += (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6;
  }
  return sum;
}

describe('a loft', () => {
  const caps = { startCap: 0, endCap: 0 };

  test('that is closed encloses its volume, whichever way its rings run', () => {
    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const mesh = new Mesh();
      addLoft(mesh, tube(from, to), 64, 0, caps);
      expect(volume(mesh)).toBeCloseTo(Math.PI * 0.3 * 0.2, 3);
    }
  });

  test('has normals that point away from its axis', () => {
    const mesh = new Mesh();
    addLoft(mesh, tube(0, 1), 16, 0);
    for (let i = 0; i < mesh.vertexCount; i++) {
      const [x, y, nx, ny] = [
        mesh.positions[i * 3],
        mesh.positions[i * 3 + 1],
        mesh.normals[i * 3],
        mesh.normals[i * 3 + 1],
      ];
      expect((x ?? 0) * (nx ?? 0) + (y ?? 0) * (ny ?? 0)).toBeGreaterThan(0.1);
    }
  });

  test('with square sections encloses more', () => {
    const [round, square] = [new Mesh(), new Mesh()];
    addLoft(round, tube(0, 1), 64, 0, caps);
    addLoft(square, tube(0, 1), 64, 0, { ...caps, squareness: 1 });
    expect(volume(square)).toBeGreaterThan(volume(round) * 1.1);
  });
});

test('a ball encloses its volume and looks forward at u = 1/2', () => {
  const mesh = new Mesh();
  const materials: number[] = [];
  addBall(
    mesh,
    { centre: [0, 0, 1], right: [0.2, 0, 0], forward: [0, 0.25, 0], up: [0, 0, 0.3] },
    48,
    36,
    (u, v) => {
      const front = Math.abs(u - 0.5) < 0.1 && Math.abs(v - 0.5) < 0.1 ? 1 : 0;
      materials.push(front);
      return front;
    },
  );
  expect(volume(mesh)).toBeCloseTo((4 / 3) * Math.PI * 0.2 * 0.25 * 0.3, 3);
  for (let k = 0; k < mesh.triangleCount; k++) {
    if (mesh.materials[k] === 1)
      expect(mesh.positions[(mesh.corners[k * 3] ?? 0) * 3 + 1]).toBeGreaterThan(0.15);
  }
});

test('a mesh grows as it is filled', () => {
  const mesh = new Mesh();
  for (let i = 0; i < 20; i++) addLoft(mesh, tube(i, i + 1), 200, 3);
  expect(mesh.vertexCount).toBe(20 * 3 * 201);
  expect(mesh.triangleCount).toBe(20 * 2 * 200 * 2);
  expect(mesh.positions[(mesh.vertexCount - 1) * 3 + 2]).toBe(20);
});
