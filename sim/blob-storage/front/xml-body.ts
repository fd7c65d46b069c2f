/** The XML that clients send. */
import { DOMParser } from 'linkedom';
import type { AccessPolicy } from '../access/access-policies.js';
import type { DeleteRetention } from '../account/account.js';
import type { BlockReference } from '../account/blocks.js';
import type { Tags } from '../account/tags.js';
import { fail, type Outcome, succeed } from '../failure.js';

interface Element {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly children: Iterable<Element>;
}

function parse(body: Uint8Array, root: string): Outcome<Element> {
  const text = Buffer.from(body)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const element = rootOf(text);
  if (element?.tagName === root) return succeed(element);
  return fail('InvalidXmlDocument', `the body has the root ${element?.tagName ?? 'none'}, expected ${root}`);
}

function rootOf(text: string): Element | null {
  try {
    const { documentElement } = new DOMParser().parseFromString(text, 'text/xml');
    return (documentElement as unknown as Element | undefined) ?? null;
  } catch {
    return null;
  }
}

function child(element: Element | undefined, name: string): Element | undefined {
  return element && [...element.children].find(({ tagName }) => tagName === name);
}

function textOf(element: Element | undefined, name: string): string | undefined {
  return child(element, name)?.textContent?.trim();
}

const SOURCES: Readonly<Record<string, BlockReference['from']>> = {
  Committed: 'committed',
  Uncommitted: 'uncommitted',
  Latest: 'latest',
};

/** "Put Block List". */
export function readBlockList(body: Uint8Array): Outcome<readonly BlockReference[]> {
  const root = parse(body, 'BlockList');
  if (!root.ok) return root;
  const references: BlockReference[] = [];
  for (const { tagName, textContent } of root.value.children) {
    const from = SOURCES[tagName];
    if (from === undefined) return fail('InvalidXmlDocument', `BlockList has ${tagName}`);
    references.push({ from, id: textContent?.trim() ?? '' });
  }
  return succeed(references);
}

/** "Set Blob Tags". */
export function readTags(body: Uint8Array): Outcome<Tags> {
  const root = parse(body, 'Tags');
  if (!root.ok) return root;
  const tags: [string, string][] = [];
  for (const tag of child(root.value, 'TagSet')?.children ?? [])
    tags.push([textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']);
  return succeed(Object.fromEntries(tags));
}

/** "Set Container ACL"; an empty body has no policies. */
export function readPolicies(body: Uint8Array): Outcome<readonly AccessPolicy[]> {
  if (body.byteLength === 0) return succeed([]);
  const root = parse(body, 'SignedIdentifiers');
  if (!root.ok) return root;
  return succeed(
    [...root.value.children].map((identifier) => {
      const policy = child(identifier, 'AccessPolicy');
      return {
        id: textOf(identifier, 'Id') ?? '',
        start: textOf(policy, 'Start') || undefined,
        expiry: textOf(policy, 'Expiry') || undefined,
        permissions: textOf(policy, 'Permission') || undefined,
      };
    }),
  );
}

const RETENTION_MOST_DAYS = 365;

/** "Set Blob Service Properties": of these only the retention of what is deleted concerns this service. */
export function readDeleteRetention(body: Uint8Array): Outcome<DeleteRetention | undefined> {
  const root = parse(body, 'StorageServiceProperties');
  if (!root.ok) return root;
  const policy = child(root.value, 'DeleteRetentionPolicy');
  if (policy === undefined) return succeed(undefined);
  if (textOf(policy, 'Enabled') !== 'true') return succeed(null);
  const days = Number(textOf(policy, 'Days'));
  if (Number.isInteger(days) && days >= 1 && days <= RETENTION_MOST_DAYS) return succeed({ days });
  return fail('InvalidXmlDocument', `DeleteRetentionPolicy has not 1 to ${RETENTION_MOST_DAYS} Days`);
}
