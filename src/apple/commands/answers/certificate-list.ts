import { createHash, X509Certificate } from 'node:crypto';
import type { Report } from '../../messages/index.js';
import type { PlistDict } from '../../plist/index.js';
import { isoDate } from './json.js';
import { dataOf, dictsOf, flagOf, textOf } from './members.js';
import { mapInSlices } from './slices.js';

/** A certificate on a device. What stands inside it is undefined when its bytes do not decode. Dates are ISO 8601, UTC. */
export interface DeviceCertificate {
  commonName?: string;
  /** True when the device has the private key as well. */
  isIdentity?: boolean;
  /** Lower-case hex, over the bytes as sent. */
  sha256?: string;
  subject?: string;
  issuer?: string;
  serialNumber?: string;
  notBefore?: string;
  notAfter?: string;
}

/** Reads an acknowledged CertificateList, letting the event loop go about every 10 ms: decoding is work for the processor. */
export function readCertificateList(report: Report): Promise<DeviceCertificate[]> {
  return mapInSlices(dictsOf(report.body, 'CertificateList'), readCertificate);
}

function readCertificate(entry: PlistDict): DeviceCertificate {
  const der = dataOf(entry, 'Data');
  return {
    commonName: textOf(entry, 'CommonName'),
    isIdentity: flagOf(entry, 'IsIdentity'),
    sha256: der && createHash('sha256').update(der).digest('hex'),
    ...(der && readContents(der)),
  };
}

function readContents(der: Buffer): DeviceCertificate {
  const certificate = decode(der);
  if (certificate === undefined) return {};
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: certificate.serialNumber,
    notBefore: isoDate(certificate.validFromDate),
    notAfter: isoDate(certificate.validToDate),
  };
}

function decode(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** Node writes one attribute a line and escapes control characters; a certificate may have no subject at all. */
function oneLine(name: string | undefined): string | undefined {
  return name?.replaceAll('\n', ', ');
}
