import { describe, expect, it } from 'vitest';
import { element, integer, nothing, oid, sequence, setOf, tagged } from '../../simulator/der.js';
import { makeCsr, makeEnvelope } from '../../simulator/scep/index.js';
import { ScepError, type ScepRequest } from '../../src/apple/scep/index.js';
import { readCertificate } from '../../src/apple/asn1/index.js';
import { ask, authority, deviceKey, outcome } from './client.js';

const END = Buffer.from([0, 0]);
const indefinite = (tag: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...parts, END]);

/** Deterministic, so that a failure can be repeated. */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield state;
  }
}

const { message } = ask({ cipher: 'aes256' });
const des = ask({ cipher: 'des', digest: 'sha1' }).message;

/** All of a request that anything follows from. */
function believed(result: ScepRequest | ScepError): object {
  if (result instanceof ScepError) return result;
  const { messageType, transactionId, senderNonce, csr, digest, cipher, signer } = result;
  const key = signer.publicKey.export({ type: 'spki', format: 'der' });
  return { messageType, transactionId, senderNonce, csr, digest, cipher, key };
}

describe('damaged messages are refused, never believed, and nothing else happens', () => {
  it('cut short anywhere', () => {
    for (let length = 0; length < message.length; length += 1)
      expect(outcome(message.subarray(0, length))).toBeInstanceOf(ScepError);
  });

  it('with bytes after the end', () => {
    expect(outcome(Buffer.concat([message, END]))).toBeInstanceOf(ScepError);
  });

  it.each([
    ['AES', message],
    ['DES', des],
  ])('with an octet changed, %s', (_name, good) => {
    const random = numbers(20_261_123);
    const expected = believed(outcome(good));
    const results = Array.from(good, (octet, at) => {
      const changed = Buffer.from(good);
      changed.writeUInt8(octet ^ ((random.next().value % 255) + 1), at);
      return outcome(changed);
    });
    const accepted = results.filter((result) => !(result instanceof ScepError));
    // A few octets are not signed: versions, the list of digests. What is believed must be what was sent all the same.
    for (const result of accepted) expect(believed(result)).toEqual(expected);
    expect(accepted.length).toBeLessThan(32);
  });

  it('with several octets changed, left out or repeated', () => {
    const random = numbers(7);
    const next = (below: number): number => random.next().value % below;
    for (let round = 0; round < 500; round += 1) {
      const [from, to] = [next(message.length), next(message.length)];
      const head = message.subarray(0, from);
      expect(outcome(Buffer.concat([head, message.subarray(to === from ? to + 1 : to)]))).toBeInstanceOf(
        ScepError,
      );
    }
  });

  it('inside the envelope, cut short anywhere', () => {
    const envelope = makeEnvelope(makeCsr({ key: deviceKey }), authority.certificate, 'aes128');
    for (let length = 0; length < envelope.length; length += 9)
      expect(outcome(ask({ envelope: envelope.subarray(0, length) }).message)).toBeInstanceOf(ScepError);
  });

  it('inside the envelope, with an octet of its structure changed', () => {
    const csr = makeCsr({ key: deviceKey });
    const envelope = makeEnvelope(csr, authority.certificate, 'aes128');
    const structure = envelope.indexOf(Buffer.from('04820100', 'hex'));
    const random = numbers(11);
    for (let at = 0; at < structure; at += 1) {
      const changed = Buffer.from(envelope);
      changed.writeUInt8(changed.readUInt8(at) ^ ((random.next().value % 255) + 1), at);
      const result = outcome(ask({ envelope: changed }).message);
      expect(result instanceof ScepError || result.csr.equals(csr)).toBe(true);
    }
  });
});

describe('BER', () => {
  const csr = makeCsr({ key: deviceKey, challenge: 'open sesame' });
  const made = makeEnvelope(csr, authority.certificate, 'des3');

  /** The same envelope as older iOS and sscep write it: nothing says its length before its content. */
  function asBer(split: number): Buffer {
    const recipients = made.subarray(made.indexOf(Buffer.from('3182', 'hex')));
    const recipientInfos = recipients.subarray(0, 4 + recipients.readUInt16BE(2));
    const encrypted = made.subarray(made.indexOf(Buffer.from('06082a864886f70d0307', 'hex')) - 2);
    const algorithm = encrypted.subarray(0, 2 + encrypted.readUInt8(1));
    const header = encrypted.subarray(algorithm.length, algorithm.length + 4);
    const content = encrypted.subarray(algorithm.length + 4);
    expect(header.readUInt16BE(2)).toBe(content.length);
    const pieces = [content.subarray(0, split), content.subarray(split)].map((piece) => element(0x04, piece));
    const info = indefinite(0x30, oid('1.2.840.113549.1.7.1'), algorithm, indefinite(0xa0, ...pieces));
    const body = indefinite(0x30, integer(0n), recipientInfos, info);
    return indefinite(0x30, oid('1.2.840.113549.1.7.3'), indefinite(0xa0, body));
  }

  it.each([1, 8, 100])('is read in an envelope, in pieces of %i octets and the rest', (split) => {
    expect(outcome(ask({ envelope: asBer(split) }).message)).toMatchObject({ csr, cipher: 'des3' });
  });

  it('is read in the message around it, with the content in pieces', () => {
    const exchange = ask({ envelope: made });
    const plain = element(0x04, made);
    const at = exchange.message.indexOf(plain);
    const afterContent = exchange.message.subarray(at + plain.length);
    const content = indefinite(
      0x24,
      element(0x04, made.subarray(0, 1000)),
      element(0x04, made.subarray(1000)),
    );
    const digests = setOf(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing()));
    const encapsulated = indefinite(0x30, oid('1.2.840.113549.1.7.1'), indefinite(0xa0, content));
    const body = indefinite(0x30, integer(1n), digests, encapsulated, afterContent);
    const whole = indefinite(0x30, oid('1.2.840.113549.1.7.2'), indefinite(0xa0, body));
    expect(outcome(whole)).toMatchObject({ csr, transactionId: exchange.transactionId });
  });
});

it('a recipient is also found by its key identifier', () => {
  const csr = makeCsr({ key: deviceKey });
  const made = makeEnvelope(csr, authority.certificate, 'aes128');
  const { issuer, serialNumber, extensions } = readCertificate(authority.certificate.raw);
  const byName = sequence(issuer, serialNumber);
  const identifier = extensions.get('2.5.29.14')?.subarray(2) ?? Buffer.alloc(0);
  const at = made.indexOf(byName);
  const afterName = made.subarray(at + byName.length);
  const algorithmAndKey = afterName.subarray(0, 15 + 260);
  const rest = afterName.subarray(algorithmAndKey.length);
  const recipient = sequence(integer(2n), element(0x80, identifier), algorithmAndKey);
  const body = sequence(integer(2n), setOf(recipient), rest);
  const envelope = sequence(oid('1.2.840.113549.1.7.3'), tagged(0, body));
  expect(outcome(ask({ envelope }).message)).toMatchObject({ csr });
});
