/**
 * The triangles of one person, in the person's own coordinates: x to their right, y forward, z up, metres, the
 * origin on the floor between their feet. Buffers are kept and filled anew for each person and frame.
 */

const INITIAL_VERTICES = 4096;
const INITIAL_TRIANGLES = 8192;

export class Mesh {
  positions = new Float32Array(INITIAL_VERTICES * 3);
  normals = new Float32Array(INITIAL_VERTICES * 3);
  /** Texture coordinates: u around the body part, v along it. */
  texture = new Float32Array(INITIAL_VERTICES * 2);
  /** How much light the surroundings leave, 1 in the open. */
  openness = new Float32Array(INITIAL_VERTICES);
  /** Picture x and y in samples, and 1/depth; filled by `projectMesh`. */
  screen = new Float32Array(INITIAL_VERTICES * 3);
  corners = new Uint16Array(INITIAL_TRIANGLES * 3);
  materials = new Uint8Array(INITIAL_TRIANGLES);
  vertexCount = 0;
  triangleCount = 0;

  reset(): void {
    this.vertexCount = 0;
    this.triangleCount = 0;
  }

  addVertex(x: number, y: number, z: number, u: number, v: number, openness: number): number {
    const i = this.vertexCount;
    if (i >= this.openness.length) this.growVertices();
    this.vertexCount = i + 1;
    this.positions[i * 3] = x;
    this.positions[i * 3 + 1] = y;
    this.positions[i * 3 + 2] = z;
    this.normals[i * 3] = 0;
    this.normals[i * 3 + 1] = 0;
    this.normals[i * 3 + 2] = 0;
    this.texture[i * 2] = u;
    this.texture[i * 2 + 1] = v;
    this.openness[i] = openness;
    return i;
  }

  /** Corners run counter-clockwise seen from outside. */
  addTriangle(a: number, b: number, c: number, material: number): void {
    const k = this.triangleCount;
    if (k >= this.materials.length) this.growTriangles();
    this.triangleCount = k + 1;
    this.corners[k * 3] = a;
    this.corners[k * 3 + 1] = b;
    this.corners[k * 3 + 2] = c;
    this.materials[k] = material;
  }

  /** Gives the vertices from `firstVertex` on the mean normal of the triangles from `firstTriangle` on. */
  smoothNormals(firstVertex: number, firstTriangle: number): void {
    const { positions: p, normals: n, corners } = this;
    for (let k = firstTriangle; k < this.triangleCount; k++) {
      const a = (corners[k * 3] as number) * 3;
      const b = (corners[k * 3 + 1] as number) * 3;
      const c = (corners[k * 3 + 2] as number) * 3;
      const ux = at(p, b) - at(p, a);
      const uy = at(p, b + 1) - at(p, a + 1);
      const uz = at(p, b + 2) - at(p, a + 2);
      const vx = at(p, c) - at(p, a);
      const vy = at(p, c + 1) - at(p, a + 1);
      const vz = at(p, c + 2) - at(p, a + 2);
      const nx = uy * vz - uz * vy;
      const ny = uz * vx - ux * vz;
      const nz = ux * vy - uy * vx;
      addTo(n, a, nx, ny, nz);
      addTo(n, b, nx, ny, nz);
      addTo(n, c, nx, ny, nz);
    }
    this.normaliseFrom(firstVertex);
  }

  /** Gives two vertices at one place (the seam of a closed surface) the same normal; its length is left to the shader. */
  weld(a: number, b: number): void {
    const n = this.normals;
    for (let axis = 0; axis < 3; axis++) {
      const sum = at(n, a * 3 + axis) + at(n, b * 3 + axis);
      n[a * 3 + axis] = sum;
      n[b * 3 + axis] = sum;
    }
  }

  private normaliseFrom(firstVertex: number): void {
    const n = this.normals;
    for (let i = firstVertex * 3; i < this.vertexCount * 3; i += 3) {
      const x = at(n, i);
      const y = at(n, i + 1);
      const z = at(n, i + 2);
      const scale = 1 / Math.sqrt(x * x + y * y + z * z + 1e-20);
      n[i] = x * scale;
      n[i + 1] = y * scale;
      n[i + 2] = z * scale;
    }
  }

  private growVertices(): void {
    this.positions = doubled(this.positions);
    this.normals = doubled(this.normals);
    this.texture = doubled(this.texture);
    this.openness = doubled(this.openness);
    this.screen = doubled(this.screen);
  }

  private growTriangles(): void {
    const corners = new Uint16Array(this.corners.length * 2);
    corners.set(this.corners);
    this.corners = corners;
    const materials = new Uint8Array(this.materials.length * 2);
    materials.set(this.materials);
    this.materials = materials;
  }
}

function doubled(array: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function at(array: Float32Array, index: number): number {
  return array[index] as number;
}

function addTo(array: Float32Array, index: number, x: number, y: number, z: number): void {
  array[index] = at(array, index) + x;
  array[index + 1] = at(array, index + 1) + y;
  array[index + 2] = at(array, index + 2) + z;
}
