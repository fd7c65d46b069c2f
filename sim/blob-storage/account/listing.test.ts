import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlobAccount } from './account.js';
import type { ListOptions } from './listing.js';

function accountWith(names: readonly string[]): BlobAccount {
  const account = new BlobAccount({ name: 'one', keys: ['', ''] }, () => 0);
  account.createContainer('pictures');
  for (const name of names) account.putBlob('pictures', name, new Uint8Array());
  return account;
}

/** Every page after the other, with the number of entries of each. */
function listAll(account: BlobAccount, options: ListOptions): { names: string[]; sizes: number[] } {
  const names: string[] = [];
  const sizes: number[] = [];
  let marker: string | undefined;
  do {
    const page = account.listBlobs('pictures', { ...options, marker });
    if (!page.ok) throw new Error(page.failure.code);
    for (const entry of page.value.entries) names.push(entry.kind === 'blob' ? entry.blob.name : entry.name);
    sizes.push(page.value.entries.length);
    marker = page.value.nextMarker ?? undefined;
  } while (marker !== undefined);
  return { names, sizes };
}

const blobNames = fc.uniqueArray(fc.stringMatching(/^[ab/é]{1,6}$/), { maxLength: 30 });
const prefixes = fc.stringMatching(/^[ab/]{0,2}$/);

test('pages put together are the names that have the prefix, in order', () => {
  fc.assert(
    fc.property(blobNames, prefixes, fc.integer({ min: 1, max: 7 }), (names, prefix, maxResults) => {
      const { names: listed, sizes } = listAll(accountWith(names), { prefix, maxResults });
      expect(listed).toEqual(names.filter((name) => name.startsWith(prefix)).sort());
      expect(Math.max(...sizes)).toBeLessThanOrEqual(maxResults);
    }),
  );
});

test('with a delimiter, each group comes once, whatever the page size', () => {
  fc.assert(
    fc.property(blobNames, prefixes, fc.integer({ min: 1, max: 7 }), (names, prefix, maxResults) => {
      const expected = new Set(
        names
          .filter((name) => name.startsWith(prefix))
          .map((name) => {
            const slash = name.indexOf('/', prefix.length);
            return slash < 0 ? name : name.slice(0, slash + 1);
          }),
      );
      const { names: listed } = listAll(accountWith(names), { prefix, delimiter: '/', maxResults });
      expect([...listed].sort()).toEqual([...expected].sort());
    }),
  );
});

test.each([0, -1, 1.5, Number.NaN])('a page of %d is refused', (maxResults) => {
  const page = accountWith(['a']).listBlobs('pictures', { maxResults });
  expect(page).toMatchObject({ ok: false, failure: { code: 'OutOfRangeQueryParameterValue', status: 400 } });
});
