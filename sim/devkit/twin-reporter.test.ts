import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, Properties } from '../../pipeline/camera-module/hub-connection.js';
import { emptyTwin, patchHalf } from '../iot-hub/twins/twin-document.js';
import { reportedPatch, TwinReporter } from './twin-reporter.js';

const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 5 }), fc.boolean());
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(leaf, tie('tree')), { maxKeys: 3 }),
}));

describe('a report', () => {
  test('is patched so that the twin of IoT Hub becomes it, whatever it was', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const one = patchHalf(emptyTwin(0).reported, before, 0);
        if (!one.ok) return;
        const two = patchHalf(one.half, reportedPatch(before as Properties, after as Properties), 0);
        expect(two.ok && two.half.properties).toEqual(after);
      }),
    );
  });

  test('that says nothing new is not sent', async () => {
    const sent: Properties[] = [];
    const reporter = new TwinReporter({ reported: {} }, async (patch) => void sent.push(patch));
    await reporter.say({ a: 1, b: { c: 2, d: 3 } });
    await reporter.say({ a: 1, b: { c: 2, d: 3 } });
    await reporter.say({ a: 1, b: { c: 2, d: 4 } });
    await reporter.say({ a: 1 });
    expect(sent).toEqual([{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4 } }, { b: null }]);
  });
});
