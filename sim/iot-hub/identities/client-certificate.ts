/** X.509 certificates that devices present ("Authenticate devices with X.509 certificates"). */
import { X509Certificate } from 'node:crypto';
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
  /** DER; absent where nobody verifies signatures. */
  readonly raw?: Uint8Array;
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
    raw: peer.raw,
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

/** Whether `signer`, PEM or DER in base64, signed `certificate` itself; not by intermediates. */
export function isSignedBy({ raw }: ClientCertificate, signer: string): boolean {
  if (raw === undefined) return false;
  const authority = readCertificate(signer);
  const own = new X509Certificate(raw);
  return authority !== null && own.checkIssued(authority) && own.verify(authority.publicKey);
}

/** Null for what is no certificate in PEM, nor in base64 without PEM's first and last line. */
export function readCertificate(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'));
  } catch {
    return null;
  }
}

function normalised(thumbprint: string): string {
  return thumbprint.replaceAll(':', '').toUpperCase();
}
