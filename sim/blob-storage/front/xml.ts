/** The XML bodies of the Blob service. */
import type { AccessPolicy } from '../access/access-policies.js';
import type { DeleteRetention } from '../account/account.js';
import { type Blob, blobTypeOf, contentMd5, type Deletion } from '../account/blob.js';
import type { BlockList, BlockSize } from '../account/blocks.js';
import type { ContainerProperties } from '../account/container.js';
import { isLocked, leaseState } from '../account/lease.js';
import type { BlobPage, ListEntry, ListOptions } from '../account/listing.js';
import type { Metadata } from '../account/names.js';
import type { Tags } from '../account/tags.js';
import { DEFAULT_TIER, tierAt } from '../account/tiers.js';
import type { TaggedBlob } from '../operations/tagging.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Character data or an attribute's value. */
export function text(value: string): string {
  return value.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

function element(name: string, value: string | number | undefined): string {
  return value === undefined ? '' : `<${name}>${text(String(value))}</${name}>`;
}

// Characters that XML 1.0 cannot hold at all: "List Blobs" percent-encodes such names and says so.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 forbids
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function nameElement(name: string): string {
  return NOT_XML.test(name)
    ? `<Name Encoded="true">${text(encodeURIComponent(name))}</Name>`
    : element('Name', name);
}

function metadataElement(metadata: Metadata): string {
  const members = Object.entries(metadata).map(([name, value]) => element(name, value));
  return `<Metadata>${members.join('')}</Metadata>`;
}

function httpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString();
}

function entryElement(entry: ListEntry, { withMetadata, withTags, nowMs }: BlobListContext): string {
  if (entry.kind === 'prefix') return `<BlobPrefix>${nameElement(entry.name)}</BlobPrefix>`;
  const { name, body, content, metadata, tags, etag, createdMs, lastModifiedMs, lease, snapshot, deletion } =
    entry.blob;
  const properties = [
    element('Creation-Time', httpDate(createdMs)),
    element('Last-Modified', httpDate(lastModifiedMs)),
    element('Etag', etag.replaceAll('"', '')),
    element('Content-Length', body.byteLength),
    element('Content-Type', content.contentType),
    element('Content-Encoding', content.contentEncoding),
    element('Content-Language', content.contentLanguage),
    element('Content-Disposition', content.contentDisposition),
    element('Cache-Control', content.cacheControl),
    element('Content-MD5', contentMd5(body)),
    element('BlobType', blobTypeOf(entry.blob)),
    ...tierElements(entry.blob, nowMs),
    element('LeaseStatus', isLocked(lease, nowMs) ? 'locked' : 'unlocked'),
    element('LeaseState', leaseState(lease, nowMs)),
    ...(deletion === null ? [] : deletionElements(deletion, nowMs)),
    element('TagCount', Object.keys(tags).length || undefined),
    '<ServerEncrypted>true</ServerEncrypted>',
  ];
  const members = [
    nameElement(name),
    deletion === null ? '' : element('Deleted', 'true'),
    element('Snapshot', snapshot ?? undefined),
    `<Properties>${properties.join('')}</Properties>`,
    withMetadata ? metadataElement(metadata) : '',
    withTags && Object.keys(tags).length > 0 ? tagsElement(tags) : '',
  ];
  return `<Blob>${members.join('')}</Blob>`;
}

const MS_PER_DAY = 86_400_000;

function deletionElements({ deletedMs, purgeMs }: Deletion, nowMs: number): readonly string[] {
  const days = Math.max(0, Math.floor((purgeMs - nowMs) / MS_PER_DAY));
  return [element('DeletedTime', httpDate(deletedMs)), element('RemainingRetentionDays', days)];
}

function tierElements(blob: Blob, nowMs: number): readonly string[] {
  if (blob.appending !== null) return blob.appending.isSealed ? ['<Sealed>true</Sealed>'] : [];
  const tier = tierAt(blob, nowMs);
  if (tier === null)
    return [element('AccessTier', DEFAULT_TIER), '<AccessTierInferred>true</AccessTierInferred>'];
  const to = tier.rehydration?.to.toLowerCase();
  return [
    element('AccessTier', tier.name),
    element('AccessTierChangeTime', httpDate(tier.changedMs)),
    element('ArchiveStatus', to && `rehydrate-pending-to-${to}`),
  ];
}

function tagsElement(tags: Tags): string {
  const members = Object.entries(tags).map(
    ([key, value]) => `<Tag>${element('Key', key)}${element('Value', value)}</Tag>`,
  );
  return `<Tags><TagSet>${members.join('')}</TagSet></Tags>`;
}

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

export interface BlobListContext {
  readonly endpoint: string;
  readonly container: string;
  readonly options: ListOptions;
  readonly withMetadata: boolean;
  readonly withTags: boolean;
  readonly nowMs: number;
}

export function blobListXml(page: BlobPage, context: BlobListContext): string {
  const { endpoint, container, options } = context;
  const entries = page.entries.map((entry) => entryElement(entry, context)).join('');
  return `${DECLARATION}<EnumerationResults ServiceEndpoint="${text(endpoint)}" ContainerName="${text(container)}">${element('Prefix', options.prefix)}${element('Marker', options.marker)}${element('MaxResults', options.maxResults)}${element('Delimiter', options.delimiter)}<Blobs>${entries}</Blobs><NextMarker>${text(page.nextMarker ?? '')}</NextMarker></EnumerationResults>`;
}

export function tagsXml(tags: Tags): string {
  return `${DECLARATION}${tagsElement(tags)}`;
}

/** "Find Blobs by Tags": all in one page. */
export function taggedBlobsXml(endpoint: string, where: string, found: readonly TaggedBlob[]): string {
  const blobs = found.map(
    ({ container, blob }) =>
      `<Blob>${nameElement(blob.name)}${element('ContainerName', container)}${tagsElement(blob.tags)}</Blob>`,
  );
  return `${DECLARATION}<EnumerationResults ServiceEndpoint="${text(endpoint)}">${element('Where', where)}<Blobs>${blobs.join('')}</Blobs><NextMarker></NextMarker></EnumerationResults>`;
}

export function policiesXml(policies: readonly AccessPolicy[]): string {
  const members = policies.map(
    ({ id, start, expiry, permissions }) =>
      `<SignedIdentifier>${element('Id', id)}<AccessPolicy>${element('Start', start)}${element('Expiry', expiry)}${element('Permission', permissions)}</AccessPolicy></SignedIdentifier>`,
  );
  return `${DECLARATION}<SignedIdentifiers>${members.join('')}</SignedIdentifiers>`;
}

/** `type` is `committed`, `uncommitted` or `all`. */
export function blockListXml({ committed, uncommitted }: BlockList, type: string): string {
  const section = (name: string, blocks: readonly BlockSize[]) => {
    const members = blocks.map(
      ({ id, sizeBytes }) => `<Block>${element('Name', id)}${element('Size', sizeBytes)}</Block>`,
    );
    return `<${name}>${members.join('')}</${name}>`;
  };
  const first = type === 'uncommitted' ? '' : section('CommittedBlocks', committed);
  const second = type === 'committed' ? '' : section('UncommittedBlocks', uncommitted);
  return `${DECLARATION}<BlockList>${first}${second}</BlockList>`;
}

export function containerListXml(
  endpoint: string,
  prefix: string,
  withMetadata: boolean,
  containers: readonly ContainerProperties[],
): string {
  const entries = containers.map(
    ({ name, metadata, etag, lastModifiedMs }) =>
      `<Container>${nameElement(name)}<Properties>${element('Last-Modified', httpDate(lastModifiedMs))}${element('Etag', etag)}<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><HasImmutabilityPolicy>false</HasImmutabilityPolicy><HasLegalHold>false</HasLegalHold></Properties>${withMetadata ? metadataElement(metadata) : ''}</Container>`,
  );
  return `${DECLARATION}<EnumerationResults ServiceEndpoint="${text(endpoint)}">${element('Prefix', prefix)}<Containers>${entries.join('')}</Containers><NextMarker></NextMarker></EnumerationResults>`;
}

export function servicePropertiesXml(deleteRetention: DeleteRetention): string {
  const retention =
    deleteRetention === null
      ? '<Enabled>false</Enabled>'
      : `<Enabled>true</Enabled>${element('Days', deleteRetention.days)}`;
  const off = '<Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>false</Write>';
  const noRetention = '<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>';
  return `${DECLARATION}<StorageServiceProperties><Logging>${off}${noRetention}</Logging><HourMetrics><Version>1.0</Version><Enabled>false</Enabled>${noRetention}</HourMetrics><MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>${noRetention}</MinuteMetrics><Cors></Cors><DeleteRetentionPolicy>${retention}</DeleteRetentionPolicy><StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>`;
}
