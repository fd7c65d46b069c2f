import { describe, expect, test } from 'vitest';
import { type RoutedMessage, readRoute, takes } from './routes.js';

function routeOf(text: string) {
  const reading = readRoute('r', text);
  if (!reading.ok) throw new Error(reading.problem);
  return reading.route;
}

const MESSAGE: RoutedMessage = {
  module: 'camera',
  output: 'ToUpstream',
  messageId: 'm-1',
  body: '{"people":[{"score":0.9}],"count":3}',
  properties: { kind: 'count' },
};

describe('a route', () => {
  test.each([
    ['FROM /messages/modules/camera/outputs/ToUpstream INTO $upstream', true, false],
    ['FROM /messages/modules/camera/outputs/* INTO $upstream', true, false],
    ['FROM /messages/modules/camera/* INTO $upstream', true, false],
    ['from /messages/* where true into $upstream', true, true],
    ['SELECT * FROM /* INTO $upstream', true, true],
    ['FROM /messages/modules/other/outputs/ToUpstream INTO $upstream', false, true],
  ])('%s', (text, takesCamera, takesOther) => {
    expect(takes(routeOf(text), { ...MESSAGE, module: 'camera' })).toBe(takesCamera);
    expect(takes(routeOf(text), { ...MESSAGE, module: 'other' })).toBe(takesOther);
  });

  test.each([
    ["kind = 'count'", true],
    ['$body.count > 2 AND $body.people[0].score >= 0.9', true],
    ['$body.count > 3', false],
    ['$body.missing > 3', false],
    ["$connectionModuleId = 'camera' AND NOT is_defined(other)", true],
    ['$messageId = "m-2"', false],
  ])('takes a message by its condition: %s', (condition, isTaken) => {
    expect(takes(routeOf(`FROM /messages/* WHERE ${condition} INTO $upstream`), MESSAGE)).toBe(isTaken);
  });

  test('asks nothing of a body that is no JSON', () => {
    const route = routeOf('FROM /messages/* WHERE $body.count > 2 INTO $upstream');
    expect(takes(route, { ...MESSAGE, body: 'count: 3' })).toBe(false);
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
    'FROM /* WHERE x > INTO $upstream',
    'FROM /* WHERE magic(x) INTO $upstream',
  ])('that is %j says what is wrong', (text) => {
    const reading = readRoute('r', text);
    expect(reading).toMatchObject({ ok: false, problem: expect.stringContaining('route r: ') });
  });
});
