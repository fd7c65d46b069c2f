import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCondition, type Value } from './condition.js';
import { holds, propertyAt, unknownFunctions } from './evaluate.js';
import { ConditionError } from './tokens.js';

const twin: Value = {
  deviceId: 'cam-3',
  tags: { store: 'oslo-1', floor: 2, 'a b': true },
  properties: { reported: { battery: 40, models: ['people', 'shelves'], camera: null } },
};
const isTrue = (text: string) => holds(parseCondition(text), (segments) => propertyAt(twin, segments));

describe('a condition', () => {
  test.each([
    ["tags.store = 'oslo-1'"],
    ['tags.store = "oslo-1" AND tags.floor >= 2'],
    ["tags.store = 'bergen' OR NOT tags.floor < 2"],
    ["deviceId IN ['cam-1', 'cam-3']"],
    ["tags.store NIN ['bergen']"],
    ["tags['a b'] = true"],
    ["properties.reported.models[1] = 'shelves'"],
    ['is_defined(properties.reported.battery) and not is_defined(tags.nothing)'],
    ['is_null(properties.reported.camera)'],
    ["STARTSWITH(deviceId, 'cam-')"],
    ["as_number('12') > 3.5"],
    ["tags.store <> 'it''s'"],
    ['-1 < 0'],
  ])('%s holds', (text) => expect(isTrue(text)).toBe(true));

  test.each([
    ['tags.nothing = 1'],
    ['tags.nothing != 1'],
    ['not tags.nothing = 1'],
    ["tags.floor = '2'"],
    ["tags.floor > '1'"],
    ['tags.store'],
  ])('%s does not hold: undefined and foreign types decide nothing', (text) =>
    expect(isTrue(text)).toBe(false),
  );

  test('an operand that settles AND or OR alone settles it beside an undefined one', () => {
    expect(isTrue('tags.nothing = 1 OR tags.floor = 2')).toBe(true);
    expect(isTrue('NOT (tags.nothing = 1 AND tags.floor = 3)')).toBe(true);
  });

  test.each([
    ['tags.store =', 'character 13'],
    ['tags.floor = 2 tags.store', 'expected the end'],
    ['(tags.floor = 2', "expected ')'"],
    ['tags.floor ~ 2', "'~' at character 12"],
  ])('%s is refused with its place', (text, words) => {
    expect(() => parseCondition(text)).toThrow(ConditionError);
    expect(() => parseCondition(text)).toThrow(words);
  });

  test('functions that do not exist can be found before use', () => {
    expect(unknownFunctions(parseCondition("nope(tags.a) = 1 AND lower(tags.b) = 'x'"))).toEqual(['nope']);
  });

  test('every text literal is read back as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quoted = `'${text.replaceAll("'", "''")}'`;
        expect(parseCondition(quoted)).toEqual({ kind: 'literal', value: text });
      }),
    );
  });

  test('no text breaks the reader: it reads or refuses', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseCondition(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ConditionError);
        }
      }),
    );
  });
});
