import { describe, expect, test } from 'vitest';
import { readRoute, takes } from './routes.js';

function routeOf(text: string) {
  const reading = readRoute('r', text);
  if (!reading.ok) throw new Error(reading.problem);
  return reading.route;
}

describe('a route', () => {
  test.each([
    ['FROM /messages/modules/camera/outputs/ToUpstream INTO $upstream', true, false],
    ['FROM /messages/modules/camera/outputs/* INTO $upstream', true, false],
    ['FROM /messages/modules/camera/* INTO $upstream', true, false],
    ['from /messages/* where true into $upstream', true, true],
    ['SELECT * FROM /* INTO $upstream', true, true],
    ['FROM /messages/modules/other/outputs/ToUpstream INTO $upstream', false, true],
  ])('%s', (text, takesCamera, takesOther) => {
    expect(takes(routeOf(text), 'camera', 'ToUpstream')).toBe(takesCamera);
    expect(takes(routeOf(text), 'other', 'ToUpstream')).toBe(takesOther);
  });

  test('may lead to another module', () => {
    const route = routeOf('FROM /messages/modules/a/outputs/o INTO BrokeredEndpoint("/modules/b/inputs/i")');
    expect(route.sink).toEqual({ kind: 'module', module: 'b', input: 'i' });
  });

  test.each([
    '',
    'INTO $upstream',
    'FROM /nothing INTO $upstream',
    'FROM /* INTO elsewhere',
    'FROM /* WHERE x > 1 INTO $upstream',
  ])('that is %j says what is wrong', (text) => {
    const reading = readRoute('r', text);
    expect(reading).toMatchObject({ ok: false, problem: expect.stringContaining('route r: ') });
  });
});
