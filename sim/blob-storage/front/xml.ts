/** The XML bodies of the Blob service. */
import { contentMd5 } from '../blob.js';
import type { ContainerProperties } from '../container.js';
import type { BlobPage, ListEntry, ListOptions } from '../listing.js';
import type { Metadata } from '../names.js';

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

function entryElement(entry: ListEntry, withMetadata: boolean): string {
  if (entry.kind === 'prefix') return `<BlobPrefix>${nameElement(entry.name)}</BlobPrefix>`;
  const { name, body, content, metadata, etag, createdMs, lastModifiedMs } = entry.blob;
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
    '<BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>',
    '<ServerEncrypted>true</ServerEncrypted>',
  ];
  return `<Blob>${nameElement(name)}<Properties>${properties.join('')}</Properties>${withMetadata ? metadataElement(metadata) : ''}</Blob>`;
}

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

export function blobListXml(
  endpoint: string,
  container: string,
  options: ListOptions,
  withMetadata: boolean,
  page: BlobPage,
): string {
  const entries = page.entries.map((entry) => entryElement(entry, withMetadata)).join('');
  return `${DECLARATION}<EnumerationResults ServiceEndpoint="${text(endpoint)}" ContainerName="${text(container)}">${element('Prefix', options.prefix)}${element('Marker', options.marker)}${element('MaxResults', options.maxResults)}${element('Delimiter', options.delimiter)}<Blobs>${entries}</Blobs><NextMarker>${text(page.nextMarker ?? '')}</NextMarker></EnumerationResults>`;
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

export function servicePropertiesXml(): string {
  const off = '<Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>false</Write>';
  const noRetention = '<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>';
  return `${DECLARATION}<StorageServiceProperties><Logging>${off}${noRetention}</Logging><HourMetrics><Version>1.0</Version><Enabled>false</Enabled>${noRetention}</HourMetrics><MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>${noRetention}</MinuteMetrics><Cors></Cors><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy><StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>`;
}
