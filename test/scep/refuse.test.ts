import { createPublicKey, generateKeyPairSync, hash, randomBytes, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signedData, signerInfo, type SignDigest } from '../../simulator/cms-sign.js';
import { integer, octets, oid, printable, sequence, setOf, tagged, utf8 } from '../../simulator/der.js';
import { createAuthority, issueDeviceIdentity } from '../../simulator/pki.js';
import { makeCsr, makeEnvelope, makeRenewalReq, readCertRep } from '../../simulator/scep/index.js';
import { scepFailure } from '../../src/apple/scep/index.js';
import {
  ask,
  authority,
  deviceKey,
  issueTo,
  newKey,
  now,
  otherAuthority,
  otherKey,
  refusal,
} from './client.js';

const self = createAuthority('Device', { key: deviceKey });
const DATA = '1.2.840.113549.1.7.1';

type Attributes = Record<string, Buffer[] | undefined>;

const header: Attributes = {
  '1.2.840.113549.1.9.3': [oid(DATA)],
  '2.16.840.1.113733.1.9.2': [printable('19')],
  '2.16.840.1.113733.1.9.5': [octets(Buffer.alloc(16, 5))],
  '2.16.840.1.113733.1.9.7': [printable('transaction')],
};

/** A message around any content, with any attributes besides the digest; signed rightly. */
function message(
  content: Buffer,
  changes: Attributes = {},
  digest: SignDigest = 'sha256',
  twice?: string,
): Buffer {
  const digested = { '1.2.840.113549.1.9.4': [octets(hash(digest, content, 'buffer'))] };
  const all = Object.entries({ ...header, ...digested, ...changes });
  const attributes = all
    .filter((entry): entry is [string, Buffer[]] => entry[1] !== undefined)
    .flatMap(([type, values]) => {
      const attribute = sequence(oid(type), setOf(...values));
      return type === twice ? [attribute, attribute] : [attribute];
    });
  const signer = { certDer: self.certDer, key: deviceKey, digest };
  return signedData(content, [self.certDer], [signerInfo(content, signer, attributes)], digest);
}

const csr = makeCsr({ key: deviceKey, challenge: 'open sesame' });
const envelope = makeEnvelope(csr, authority.certificate, 'aes128');

describe('message types', () => {
  const all = Array.from({ length: 256 }, (_, number) => String(number));
  const odd = ['019', '19 ', ' 19', '+19', '19.0', '0x13', '', '-19', '1９', '19\0'];

  it.each([...all, ...odd].filter((type) => type !== '17' && type !== '19'))('%j is refused', (type) => {
    const error = refusal(
      message(Buffer.from('not even an envelope'), { '2.16.840.1.113733.1.9.2': [utf8(type)] }),
    );
    expect(error).toMatchObject({ code: 'unsupported-message', failInfo: 2, transactionId: 'transaction' });
    expect(error.senderNonce).toEqual(Buffer.alloc(16, 5));
  });

  it('a refused one can be answered', () => {
    const exchange = ask({ messageType: '20' });
    const {
      transactionId = '',
      senderNonce = Buffer.alloc(0),
      digest = 'sha1',
      failInfo,
    } = refusal(exchange.message);
    const answer = scepFailure({ transactionId, senderNonce, digest }, authority, failInfo, now);
    expect(readCertRep(answer, exchange)).toEqual({ status: 'FAILURE', failInfo: 2 });
  });
});

const type = '2.16.840.1.113733.1.9.2';
const nonce = '2.16.840.1.113733.1.9.5';
const transaction = '2.16.840.1.113733.1.9.7';

describe('headers', () => {
  const rows: [string, Buffer, string][] = [
    ['no message type', message(envelope, { [type]: undefined }), 'malformed'],
    ['two message types', message(envelope, { [type]: [printable('19'), printable('20')] }), 'malformed'],
    ['the message type twice', message(envelope, {}, 'sha256', type), 'malformed'],
    ['a message type that is a number', message(envelope, { [type]: [integer(19n)] }), 'malformed'],
    ['no transaction', message(envelope, { [transaction]: undefined }), 'malformed'],
    ['an empty transaction', message(envelope, { [transaction]: [printable('')] }), 'malformed'],
    [
      'a transaction of 256 characters',
      message(envelope, { [transaction]: [printable('x'.repeat(256))] }),
      'malformed',
    ],
    ['a transaction with a line feed', message(envelope, { [transaction]: [utf8('a\nb')] }), 'malformed'],
    ['a transaction beyond ASCII', message(envelope, { [transaction]: [utf8('å')] }), 'malformed'],
    [
      'a transaction that is a string of octets',
      message(envelope, { [transaction]: [octets(csr)] }),
      'malformed',
    ],
    ['no nonce', message(envelope, { [nonce]: undefined }), 'malformed'],
    ['an empty nonce', message(envelope, { [nonce]: [octets(Buffer.alloc(0))] }), 'malformed'],
    ['a nonce of 65 octets', message(envelope, { [nonce]: [octets(Buffer.alloc(65))] }), 'malformed'],
    ['a nonce that is text', message(envelope, { [nonce]: [printable('nonce')] }), 'malformed'],
  ];

  it.each(rows)('%s', (_what, bytes, code) => {
    expect(refusal(bytes).code).toBe(code);
  });

  it('a message without attributes', () => {
    const bare = signerInfo(envelope, { certDer: self.certDer, key: deviceKey, signedAttributes: false });
    expect(refusal(signedData(envelope, [self.certDer], [bare])).code).toBe('malformed');
  });

  it('what can be read of the address comes with the refusal', () => {
    expect(refusal(message(envelope, { [nonce]: undefined }))).toMatchObject({
      transactionId: 'transaction',
      senderNonce: undefined,
      digest: 'sha256',
    });
  });
});

describe('signatures', () => {
  const good = message(envelope);
  const altered = Buffer.from(good);
  altered.writeUInt8(altered.readUInt8(altered.length - 1) ^ 1, altered.length - 1);
  const info = (content: Buffer): Buffer => signerInfo(content, { certDer: self.certDer, key: deviceKey });
  const ec = issueDeviceIdentity(self, 'EC', { keyType: 'ec' });

  it('that are wrong are refused, with the address', () => {
    expect(refusal(altered)).toMatchObject({
      code: 'bad-signature',
      failInfo: 1,
      transactionId: 'transaction',
      digest: 'sha256',
      signer: undefined,
    });
  });

  it('over other content are refused', () => {
    const other = makeEnvelope(csr, authority.certificate, 'aes128');
    const swapped = Buffer.from(good);
    other.copy(swapped, good.indexOf(envelope));
    expect(refusal(swapped).code).toBe('bad-signature');
  });

  it.each([
    ['nobody', signedData(envelope, [self.certDer], [])],
    ['two', signedData(envelope, [self.certDer], [info(envelope), info(envelope)])],
  ])('of %s are refused', (_who, bytes) => {
    expect(refusal(bytes).code).toBe('malformed');
  });

  it('without the content or the certificate are refused', () => {
    const wholly = message(envelope);
    expect(wholly.includes(self.certDer)).toBe(true);
    const signers = [signerOf(envelope)];
    expect(refusal(signedData(undefined, [self.certDer], signers)).code).toBe('malformed');
    expect(refusal(signedData(envelope, [ec.certDer], signers)).code).toBe('malformed');
  });

  it('of a key that no answer can be encrypted to are refused', () => {
    const exchange = ask({ signer: ec });
    expect(refusal(exchange.message)).toMatchObject({ code: 'unsupported-algorithm', failInfo: 0 });
  });

  it.each([
    ['1024 bits', newKey(1024)],
    ['an exponent of 3', generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey],
  ])('of a key with %s are refused', (_what, key) => {
    expect(refusal(ask({ key }).message)).toMatchObject({ code: 'weak-key', failInfo: 0 });
  });
});

/** The one signer of `message(content)`. */
function signerOf(content: Buffer): Buffer {
  const attributes = Object.entries({
    ...header,
    '1.2.840.113549.1.9.4': [octets(hash('sha256', content, 'buffer'))],
  }).map(([kind, values]) => sequence(oid(kind), setOf(...(values ?? []))));
  return signerInfo(content, { certDer: self.certDer, key: deviceKey }, attributes);
}

describe('who signs', () => {
  it('a first request is signed with the key it is for', () => {
    const error = refusal(ask({ csr: makeCsr({ key: otherKey, challenge: 'x' }) }).message);
    expect(error).toMatchObject({ code: 'wrong-signer', failInfo: 2 });
    expect(error.signer?.publicKey.equals(createPublicKey(deviceKey))).toBe(true);
  });

  it('a first request for a new key is not signed with an identity', () => {
    const signer = { certDer: issueTo(createPublicKey(otherKey)), key: otherKey };
    expect(refusal(ask({ signer }).message).code).toBe('wrong-signer');
  });

  it('a first request for the same key is not signed with an identity', () => {
    const signer = { certDer: issueTo(createPublicKey(deviceKey)), key: deviceKey };
    expect(refusal(ask({ signer }).message).code).toBe('wrong-signer');
  });

  it('a renewal is not signed with a certificate that the sender made', () => {
    const exchange = makeRenewalReq({ key: deviceKey, caCertificate: authority.certificate, signer: self });
    expect(refusal(exchange.message).code).toBe('wrong-signer');
  });
});

describe('envelopes', () => {
  const foreign = (o: { cipher?: string; content?: Buffer; key?: string; type?: string }): Buffer => {
    const { issuer, serialNumber } = named(authority.certificate);
    const recipient = sequence(
      integer(0n),
      sequence(issuer, serialNumber),
      sequence(oid(o.key ?? '1.2.840.113549.1.1.1')),
      octets(randomBytes(256)),
    );
    const algorithm = sequence(oid(o.cipher ?? '2.16.840.1.101.3.4.1.2'), octets(Buffer.alloc(16)));
    const encrypted = o.content ?? Buffer.alloc(32);
    const content = sequence(
      oid(DATA),
      algorithm,
      Buffer.concat([Buffer.from([0x80, encrypted.length]), encrypted]),
    );
    const body = sequence(integer(0n), setOf(recipient), content);
    return sequence(oid(o.type ?? '1.2.840.113549.1.7.3'), tagged(0, body));
  };

  it.each([
    ['RC2', { cipher: '1.2.840.113549.3.2' }, 'unsupported-algorithm', 0],
    ['AES-GCM', { cipher: '2.16.840.1.101.3.4.1.6' }, 'unsupported-algorithm', 0],
    ['RSA-OAEP', { key: '1.2.840.113549.1.1.7' }, 'unsupported-algorithm', 0],
    ['no content', { content: Buffer.alloc(0) }, 'malformed', 2],
    ['half a block', { content: Buffer.alloc(24) }, 'malformed', 2],
    ['the IV of another cipher', { cipher: '1.2.840.113549.3.7' }, 'malformed', 2],
    ['another type', { type: DATA }, 'malformed', 2],
    ['a key that cannot be opened', {}, 'undecipherable', 1],
  ])('with %s are refused', (_what, o, code, failInfo) => {
    expect(refusal(message(foreign(o)))).toMatchObject({ code, failInfo, transactionId: 'transaction' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('a request, but in words')],
    ['a request without its envelope', csr],
    ['another message', message(envelope)],
  ])('that are %s are refused', (_what, content) => {
    expect(refusal(message(content)).code).toBe('malformed');
  });

  it('for another authority are told from broken ones', () => {
    const exchange = ask({ caCertificate: otherAuthority.certificate });
    expect(refusal(exchange.message)).toMatchObject({ code: 'other-recipient', failInfo: 4 });
  });

  it('more than 256 KiB are refused', () => {
    expect(refusal(Buffer.alloc(256 * 1024 + 1)).code).toBe('too-large');
    const most = makeEnvelope(Buffer.alloc(250 * 1024), authority.certificate, 'des');
    expect(refusal(message(most)).code).toBe('undecipherable');
  });
});

function named(certificate: X509Certificate): { issuer: Buffer; serialNumber: Buffer } {
  const serialNumber = integer(BigInt(`0x${certificate.serialNumber}`));
  const name = sequence(
    setOf(sequence(oid('2.5.4.10'), utf8('Pomona'))),
    setOf(sequence(oid('2.5.4.3'), utf8('Pomona Test Authority'))),
  );
  return { issuer: name, serialNumber };
}
