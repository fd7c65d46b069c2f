/** A certificate authority of one's own, and a server certificate for loopback: what a device is told to trust. */
import { webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { RandomStream } from '../../kernel/services.js';
import { writeWhole } from '../write-whole.js';

export interface ServerCertificate {
  /** Of the certificate authority, for clients. */
  readonly caPath: string;
  readonly caPem: string;
  /** The server's certificate and the authority's. */
  readonly chainPem: string;
  readonly keyPem: string;
}

const CA_FILE = 'footfall-ca.pem';
const CHAIN_FILE = 'server-chain.pem';
const KEY_FILE = 'server-key.pem';
/** Clients refuse server certificates that live longer than about two years. */
const LIFE_MS = 700 * 86_400_000;
/** For clients whose clock lags. */
const BACKDATE_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const SERIAL_BYTES = 8;

/** Those in `folder`, made on first use; the private key is readable by its owner alone. */
export async function serverCertificate(
  folder: string,
  nowMs: number,
  serials: RandomStream,
): Promise<ServerCertificate> {
  const paths = [CA_FILE, CHAIN_FILE, KEY_FILE].map((file) => join(folder, file));
  const [caPath = '', chainPath = '', keyPath = ''] = paths;
  if (!paths.every((path) => existsSync(path))) {
    const { caPem, chainPem, keyPem } = await issue(nowMs, serials);
    writeWhole(caPath, caPem);
    writeWhole(chainPath, chainPem);
    writeWhole(keyPath, keyPem, { ownerOnly: true });
  }
  const [caPem = '', chainPem = '', keyPem = ''] = paths.map((path) => readFileSync(path, 'utf8'));
  return { caPath, caPem, chainPem, keyPem };
}

async function issue(nowMs: number, serials: RandomStream): Promise<Omit<ServerCertificate, 'caPath'>> {
  const validity = { notBefore: new Date(nowMs - BACKDATE_MS), notAfter: new Date(nowMs + LIFE_MS) };
  const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const serialNumber = () => Buffer.from(serials.bytes(SERIAL_BYTES)).toString('hex');
  const caKeys = await newKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serialNumber(),
    name: 'CN=footfall local certificate authority',
    signingAlgorithm: ALGORITHM,
    keys: caKeys,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const keys = await newKeys();
  const server = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const caPem = `${ca.toString('pem')}\n`;
  return {
    caPem,
    chainPem: `${server.toString('pem')}\n${caPem}`,
    keyPem: `${PemConverter.encode(key, 'PRIVATE KEY')}\n`,
  };
}
