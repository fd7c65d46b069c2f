import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RoutedMessage, readRoute, takes } from './routes.js';

function routeOf(text: string) {
  const reading = readRoute('r', { route: text });
  if (!reading.ok) throw new Error(reading.problem);
  return reading.route;
}

const MESSAGE: RoutedMessage = {
  device: 'camera-3',
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
    ["$connectionDeviceId = 'camera-3'", true],
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

  test('may ask for a text that looks like a route', () => {
    const route = routeOf("FROM /* WHERE kind = 'x INTO y' INTO $upstream");
    expect(takes(route, { ...MESSAGE, properties: { kind: 'x INTO y' } })).toBe(true);
  });

  test('has a priority and a time to live of its own, or those of the hub', () => {
    const route = 'FROM /* INTO $upstream';
    expect(readRoute('r', { route, priority: 2, timeToLiveSecs: 5 })).toMatchObject({
      route: { priority: 2, timeToLiveMs: 5_000 },
    });
    expect(readRoute('r', { route })).toMatchObject({ route: { priority: 2e9, timeToLiveMs: null } });
  });

  test('from changes of twins may stand there, and carries no message', () => {
    expect(takes(routeOf('FROM /twinChangeNotifications INTO $upstream'), MESSAGE)).toBe(false);
  });

  test.each([
    '',
    'INTO $upstream',
    'FROM /nothing INTO $upstream',
    'FROM /* INTO elsewhere',
    'FROM /* WHERE x > INTO $upstream',
    'FROM /* WHERE magic(x) INTO $upstream',
  ])('that is %j says what is wrong', (text) => {
    const reading = readRoute('r', { route: text });
    expect(reading).toMatchObject({ ok: false, problem: expect.stringContaining('route r: ') });
  });
});

describe('any route', () => {
  const name = fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/);
  const text = fc.string({ maxLength: 8 });
  const source = fc.oneof(
    fc.constant({ from: '/messages/*', module: null, output: null }),
    name.map((module) => ({ from: `/messages/modules/${module}/*`, module, output: null })),
    fc
      .tuple(name, name)
      .map(([module, output]) => ({ from: `/messages/modules/${module}/outputs/${output}`, module, output })),
  );
  const sink = fc.oneof(
    fc.constant({ into: '$upstream', sink: { kind: 'upstream' } }),
    fc.tuple(name, name).map(([module, input]) => ({
      into: `BrokeredEndpoint("/modules/${module}/inputs/${input}")`,
      sink: { kind: 'module', module, input },
    })),
  );
  /** Words of the language in upper or lower case, with as much space between as anybody likes. */
  const spelling = fc.tuple(fc.boolean(), fc.constantFrom(' ', '  ', '\n', ' \t'));

  test('that is written by the grammar is read as it was meant, whatever its texts hold', () => {
    fc.assert(
      fc.property(source, sink, text, spelling, (one, other, value, [upper, space]) => {
        const word = (each: string) => (upper ? each : each.toLowerCase());
        const quoted = `'${value.replaceAll("'", "''")}'`;
        const written = [word('FROM'), one.from, word('WHERE'), `kind = ${quoted}`, word('INTO'), other.into];
        const route = routeOf(written.join(space));
        expect(route).toMatchObject({
          source: { kind: 'messages', module: one.module, output: one.output },
          sink: other.sink,
        });
        const message = {
          ...MESSAGE,
          module: one.module ?? 'camera',
          output: one.output ?? 'ToUpstream',
          properties: { kind: value },
        };
        expect(takes(route, message)).toBe(true);
        expect(takes(route, { ...message, properties: { kind: `${value}!` } })).toBe(false);
      }),
    );
  });

  test('of any text is read or refused with a reason, and never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'FROM',
        '/messages/*',
        'WHERE',
        'INTO',
        '$upstream',
        'BrokeredEndpoint(',
        '"',
        "'",
        ')',
        'AND',
        '=',
      ),
      text,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const reading = readRoute('r', { route: pieces.join(' ') });
        if (!reading.ok) expect(reading.problem).toMatch(/^route r: .+/s);
      }),
    );
  });
});
