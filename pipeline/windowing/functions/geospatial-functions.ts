/** Geospatial functions (Geospatial Functions page). The ST_ predicates give 1 or 0. */
import { EvaluationError, float, type Value } from '../engine/values/values.js';
import { numberArg } from './arguments.js';
import { geodesicMetres, type Position, readShape, type Shape } from './geography.js';
import { intersects, isWithin, overlaps } from './planar-relations.js';
import { type ScalarFunction, scalar } from './scalar-function.js';

function createPoint(latitude: Value, longitude: Value): Value {
  const [lat, lon] = [numberArg('CreatePoint', latitude), numberArg('CreatePoint', longitude)];
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) {
    throw new EvaluationError(
      `CreatePoint(${lat}, ${lon}): latitude lies in ±90, longitude in ±180`,
      'FF_QUERY_GEOGRAPHY',
    );
  }
  return { type: 'Point', coordinates: [float(lon), float(lat)] };
}

function pointOf(name: string, value: Value): Position {
  const [part] = readShape(name, value);
  if (part?.kind === 'point') return part.at;
  throw new EvaluationError(`${name} needs points`, 'FF_QUERY_GEOGRAPHY');
}

function coordinates(name: string, points: readonly Value[]): readonly Value[] {
  return points.map((point) => pointOf(name, point).map(float));
}

function createLineString(...points: readonly Value[]): Value {
  return { type: 'LineString', coordinates: coordinates('CreateLineString', points) };
}

/** "First and last points declared must be equal to close the loop." */
function createPolygon(...points: readonly Value[]): Value {
  const ring = coordinates('CreatePolygon', points);
  if (JSON.stringify(ring[0]) !== JSON.stringify(ring[ring.length - 1])) {
    throw new EvaluationError(
      'The first and last points of CreatePolygon must be equal',
      'FF_QUERY_GEOGRAPHY',
    );
  }
  return { type: 'Polygon', coordinates: [ring] };
}

/** Metres between two points; "if used with Polygons will return 0". */
function distance(a: Value, b: Value): Value {
  const [from] = readShape('ST_DISTANCE', a);
  const [to] = readShape('ST_DISTANCE', b);
  if (from?.kind !== 'point' || to?.kind !== 'point') return float(0);
  return float(geodesicMetres(from.at, to.at));
}

const predicate =
  (name: string, holds: (a: Shape, b: Shape) => boolean) =>
  (a: Value, b: Value): Value =>
    holds(readShape(name, a), readShape(name, b)) ? 1 : 0;

export const GEOSPATIAL_FUNCTIONS: readonly ScalarFunction[] = [
  scalar('CreatePoint(latitude, longitude)', 'record', createPoint),
  scalar('CreateLineString(point, point[, ...])', 'record', createLineString),
  scalar('CreatePolygon(point, point, point, point[, ...])', 'record', createPolygon),
  scalar('ST_DISTANCE(pointA, pointB)', 'float', distance),
  scalar('ST_INTERSECTS(geographyA, geographyB)', 'bigint', predicate('ST_INTERSECTS', intersects)),
  scalar('ST_OVERLAPS(polygonA, polygonB)', 'bigint', predicate('ST_OVERLAPS', overlaps)),
  scalar('ST_WITHIN(geography, polygon)', 'bigint', predicate('ST_WITHIN', isWithin)),
];
