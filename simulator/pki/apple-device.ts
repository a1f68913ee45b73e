import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { issue, selfSigned } from './certificate.js';
import type { Issued, IssueOptions } from './options.js';

/** What Apple's authority and its devices have to this day. */
const oldRsa = () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;

/** An authority like the one that gives Apple's devices their certificates: RSA-1024, SHA-1, expired in 2014. */
export function createAppleDeviceAuthority(o: Partial<IssueOptions> = {}): Issued {
  return selfSigned({
    commonName: 'Apple iPhone Device CA',
    ca: true,
    digest: 'sha1',
    notBefore: new Date('2007-04-16T22:54:46Z'),
    notAfter: new Date('2014-04-16T22:54:46Z'),
    ...o,
    key: o.key ?? oldRsa(),
  });
}

/** What Apple gives a device when it is activated. It names neither its serial number nor its UDID, and is over in three years. */
export function issueAppleDevice(authority: Issued, o: Partial<IssueOptions> = {}): Issued {
  return issue(authority, {
    commonName: randomUUID().toUpperCase(),
    digest: 'sha1',
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    ...o,
    key: o.key ?? (o.keyType === undefined ? oldRsa() : undefined),
  });
}
