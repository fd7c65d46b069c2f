/** Shapes on the earth: read from GeoJSON records and Well Known Text, measured on the WGS 84 ellipsoid. */
import { toNumber } from '../engine/values/convert.js';
import { EvaluationError, isArray, isRecord, toJson, type Value } from '../engine/values/values.js';
import { fieldOf } from './record-functions.js';

/** Longitude and latitude in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** A shape as its parts: each is a point, an open line or the outer ring of a polygon with its holes. */
export type Part =
  | { readonly kind: 'point'; readonly at: Position }
  | { readonly kind: 'line'; readonly points: readonly Position[] }
  | { readonly kind: 'polygon'; readonly rings: readonly (readonly Position[])[] };

export type Shape = readonly Part[];

/** Reads a GeoJSON record or a WKT string. Throws EvaluationError `FF_QUERY_GEOGRAPHY`. */
export function readShape(name: string, value: Value): Shape {
  const shape =
    typeof value === 'string' ? fromText(value) : isRecord(value) ? fromGeoJson(value) : undefined;
  if (shape !== undefined) return shape;
  throw new EvaluationError(
    `${name} needs a geography as GeoJSON or WKT, not ${toJson(value).slice(0, 60)}`,
    'FF_QUERY_GEOGRAPHY',
  );
}

function fromGeoJson(record: Value): Shape | undefined {
  const type = fieldOf(record, 'type');
  return typeof type === 'string' ? build(type.toUpperCase(), fieldOf(record, 'coordinates')) : undefined;
}

/** Builds a shape from nested coordinates, which WKT is turned into as well. */
function build(type: string, coordinates: Value): Shape | undefined {
  if (type.startsWith('MULTI') && isArray(coordinates)) {
    const parts = coordinates.map((item) => build(type.slice('MULTI'.length), item));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  switch (type) {
    case 'POINT': {
      const at = position(coordinates);
      return at === undefined ? undefined : [{ kind: 'point', at }];
    }
    case 'LINESTRING': {
      const points = positions(coordinates);
      return points === undefined || points.length < 2 ? undefined : [{ kind: 'line', points }];
    }
    case 'POLYGON': {
      // The documentation's own examples also give a ring without the outer brackets.
      const list = positions(coordinates) === undefined ? coordinates : [coordinates];
      const rings = isArray(list) ? list.map(positions) : [];
      const isComplete = rings.length > 0 && rings.every((ring) => ring !== undefined && ring.length >= 3);
      return isComplete ? [{ kind: 'polygon', rings: rings.map((ring) => closed(ring ?? [])) }] : undefined;
    }
    default:
      return undefined;
  }
}

function position(value: Value): Position | undefined {
  if (!isArray(value) || value.length < 2) return undefined;
  const longitude = toNumber(value[0] ?? null);
  const latitude = toNumber(value[1] ?? null);
  return longitude === undefined || latitude === undefined ? undefined : [longitude, latitude];
}

function positions(value: Value): readonly Position[] | undefined {
  if (!isArray(value)) return undefined;
  const points = value.map(position);
  return points.every((point) => point !== undefined) ? points : undefined;
}

function closed(ring: readonly Position[]): readonly Position[] {
  const [first] = ring;
  const last = ring[ring.length - 1];
  if (first === undefined || last === undefined) return ring;
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}

const WKT = /^\s*(?:SRID=\d+;)?\s*([A-Z]+)\s*(?:Z|M|ZM)?\s*(\(.*\))\s*$/is;

function fromText(text: string): Shape | undefined {
  const match = WKT.exec(text);
  const type = match?.[1]?.toUpperCase();
  const body = match?.[2];
  if (type === undefined || body === undefined || /[^\d\s.,()eE+-]/.test(body)) return undefined;
  // "(1 2, 3 4)" → "[[1,2],[3,4]]": points are the innermost groups of numbers.
  const points = body
    .replace(/[^(),]+/g, (group) => pointJson(group))
    .replace(/\(/g, '[')
    .replace(/\)/g, ']');
  try {
    const nested = JSON.parse(points) as Value;
    return build(type, unwrapPoints(type, nested));
  } catch {
    return undefined;
  }
}

function pointJson(group: string): string {
  const numbers = group.trim().split(/\s+/);
  return group.trim() === '' ? group : `[${numbers.map(Number).join(',')}]`;
}

/** `POINT(1 2)` is one point in parentheses, and MULTIPOINT may put each of its own in some. */
function unwrapPoints(type: string, nested: Value): Value {
  if (!isArray(nested)) return nested;
  if (type === 'POINT') return nested[0] ?? null;
  if (type !== 'MULTIPOINT') return nested;
  return nested.map((item) => (isArray(item) && isArray(item[0] ?? null) ? (item[0] ?? null) : item));
}

const EQUATOR_RADIUS_METRES = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const POLAR_RADIUS_METRES = EQUATOR_RADIUS_METRES * (1 - FLATTENING);
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Length of the geodesic in metres, by Vincenty's inverse formula (Survey Review XXIII, 1975). */
export function geodesicMetres(from: Position, to: Position): number {
  const reduced = (latitude: number): number => Math.atan((1 - FLATTENING) * Math.tan(radians(latitude)));
  const [u1, u2] = [reduced(from[1]), reduced(to[1])];
  const difference = radians(to[0] - from[0]);
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = difference;
  for (let i = 0; i < 200; i++) {
    const sinLambda = Math.sin(lambda);
    const cosLambda = Math.cos(lambda);
    const sinSigma = Math.hypot(cos2 * sinLambda, cos1 * sin2 - sin1 * cos2 * cosLambda);
    if (sinSigma === 0) return 0;
    const cosSigma = sin1 * sin2 + cos1 * cos2 * cosLambda;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cos1 * cos2 * sinLambda) / sinSigma;
    const cosSquared = 1 - sinAlpha ** 2;
    const cosMiddle = cosSquared === 0 ? 0 : cosSigma - (2 * sin1 * sin2) / cosSquared;
    const c = (FLATTENING / 16) * cosSquared * (4 + FLATTENING * (4 - 3 * cosSquared));
    const inner = cosMiddle + c * cosSigma * (2 * cosMiddle ** 2 - 1);
    const next = difference + (1 - c) * FLATTENING * sinAlpha * (sigma + c * sinSigma * inner);
    if (Math.abs(next - lambda) < 1e-12) return arcMetres(cosSquared, sigma, sinSigma, cosSigma, cosMiddle);
    lambda = next;
  }
  // Nearly opposite points do not converge; half a meridian is within the ellipsoid's flattening of the truth.
  return Math.PI * POLAR_RADIUS_METRES;
}

function arcMetres(
  cosSquared: number,
  sigma: number,
  sinSigma: number,
  cosSigma: number,
  cosMiddle: number,
): number {
  const u = (cosSquared * (EQUATOR_RADIUS_METRES ** 2 - POLAR_RADIUS_METRES ** 2)) / POLAR_RADIUS_METRES ** 2;
  const a = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u)));
  const b = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
  const first = cosSigma * (2 * cosMiddle ** 2 - 1);
  const second = (b / 6) * cosMiddle * (4 * sinSigma ** 2 - 3) * (4 * cosMiddle ** 2 - 3);
  return POLAR_RADIUS_METRES * a * (sigma - b * sinSigma * (cosMiddle + (b / 4) * (first - second)));
}
