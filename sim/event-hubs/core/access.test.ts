import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AccessControl, isAllowed } from './access.js';
import { namespaceConfiguration } from './configuration.js';
import { EventHubsError } from './errors.js';

const NOW_MS = Date.UTC(2020, 0, 1);
const NOW_SECONDS = NOW_MS / 1000;

const access = new AccessControl(
  namespaceConfiguration({
    hubs: [
      { name: 'faces', policies: [{ name: 'camera', key: 'aGFsbG8=', rights: ['Send'] }] },
      { name: 'other' },
    ],
    policies: [
      { name: 'root', key: 'cm9vdA==', rights: ['Listen', 'Send', 'Manage'] },
      { name: 'reader', key: 'cmVhZA==', rights: ['Listen'] },
    ],
  }),
);

function token(resource: string, policy: string, key: string, expirySeconds = NOW_SECONDS + 60): string {
  const encoded = encodeURIComponent(resource);
  const signature = createHmac('sha256', key).update(`${encoded}\n${expirySeconds}`).digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${expirySeconds}&skn=${policy}`;
}

describe('a shared access signature', () => {
  const faces = 'sb://shop.servicebus.windows.net/faces';

  test('of the namespace grants what its policy does, on everything below its audience', () => {
    const claim = access.claimOf(
      token(faces, 'reader', 'cmVhZA=='),
      `${faces}/ConsumerGroups/a/Partitions/0`,
      NOW_MS,
    );
    expect(isAllowed([claim], 'faces/ConsumerGroups/a/Partitions/0', 'Listen', NOW_MS)).toBe(true);
    expect(isAllowed([claim], 'faces/ConsumerGroups/a/Partitions/0', 'Send', NOW_MS)).toBe(false);
    expect(isAllowed([claim], 'faces/ConsumerGroups/a/Partitions/1', 'Listen', NOW_MS)).toBe(false);
    expect(isAllowed([claim], 'facesOfOthers', 'Listen', NOW_MS)).toBe(false);
  });

  test('of a hub holds for that hub alone', () => {
    const claim = access.claimOf(token(faces, 'camera', 'aGFsbG8='), faces, NOW_MS);
    expect(isAllowed([claim], 'Faces/Partitions/1', 'Send', NOW_MS)).toBe(true);
    const elsewhere = faces.replace('faces', 'other');
    expect(() => access.claimOf(token(elsewhere, 'camera', 'aGFsbG8='), elsewhere, NOW_MS)).toThrow(
      /no shared access policy/,
    );
    expect(() => access.claimOf(token(faces, 'camera', 'aGFsbG8='), elsewhere, NOW_MS)).toThrow(
      /does not cover/,
    );
  });

  test('with Manage may do all, until it expires', () => {
    const claim = access.claimOf(token(faces, 'root', 'cm9vdA=='), faces, NOW_MS);
    expect(isAllowed([claim], 'faces', 'Send', NOW_MS + 59_999)).toBe(true);
    expect(isAllowed([claim], 'faces', 'Send', NOW_MS + 60_000)).toBe(false);
    expect(() => access.claimOf(token(faces, 'root', 'cm9vdA==', NOW_SECONDS), faces, NOW_MS)).toThrow(
      /expired/,
    );
  });

  test('that is anything else is unauthorised, and nothing worse', () => {
    const genuine = token(faces, 'root', 'cm9vdA==');
    const mangled = fc
      .tuple(fc.nat(genuine.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([at, text]) => genuine.slice(0, at) + text + genuine.slice(at + text.length));
    fc.assert(
      fc.property(fc.oneof(mangled, fc.string()), (text) => {
        try {
          const claim = access.claimOf(text, faces, NOW_MS);
          // Other spellings of the same signature and resource are the same token.
          expect(claim.path).toBe('faces');
        } catch (error) {
          expect((error as EventHubsError).reason).toBe('unauthorized');
          expect(error).toBeInstanceOf(EventHubsError);
        }
      }),
    );
  });
});

describe('a namespace', () => {
  test('is refused beyond the limits of the service', () => {
    const message = (settings: Parameters<typeof namespaceConfiguration>[0]) => {
      try {
        namespaceConfiguration(settings);
      } catch (error) {
        return (error as Error).message;
      }
      return 'accepted';
    };
    expect(message({ hubs: [{ name: 'a', partitionCount: 33 }] })).toBe(
      'partitionCount of event hub "a" is 33; expected a whole number from 1 to 32',
    );
    expect(message({ hubs: [{ name: 'a' }, { name: 'A' }] })).toBe('two event hubs are named "A"');
    expect(message({ hubs: [], throughputUnits: 41 })).toContain('throughputUnits is 41');
  });
});
