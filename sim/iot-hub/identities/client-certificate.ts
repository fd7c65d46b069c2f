/** X.509 certificates that devices present ("Authenticate devices with X.509 certificates"). */
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { IdentityRecord } from './registry.js';

export interface ClientCertificate {
  readonly commonName: string;
  /** Hexadecimal, without colons, in capitals. */
  readonly sha1: string;
  readonly sha256: string;
  /** Signed, through any intermediates, by a certificate authority that the server trusts. */
  readonly isTrusted: boolean;
}

/** The certificate at the other end of a TLS connection; null when there is none. */
export function certificateOf(connection: Duplex): ClientCertificate | null {
  if (!(connection instanceof TLSSocket)) return null;
  const peer = connection.getPeerCertificate();
  // Node gives an empty object for none.
  if (peer.fingerprint === undefined) return null;
  const commonName: unknown = peer.subject.CN;
  return {
    commonName: typeof commonName === 'string' ? commonName : '',
    sha1: normalised(peer.fingerprint),
    sha256: normalised(peer.fingerprint256),
    isTrusted: connection.authorized,
  };
}

/** Whether `certificate` is one of those that the identity is registered with. */
export function provesIdentity(certificate: ClientCertificate, { identity, proof }: IdentityRecord): boolean {
  switch (proof.kind) {
    case 'sas':
      return false;
    case 'selfSigned':
      return proof.thumbprints
        .map(normalised)
        .some((thumbprint) => thumbprint === certificate.sha1 || thumbprint === certificate.sha256);
    case 'certificateAuthority':
      return certificate.isTrusted && certificate.commonName === identity.deviceId;
  }
}

function normalised(thumbprint: string): string {
  return thumbprint.replaceAll(':', '').toUpperCase();
}
