import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { octets } from '../../simulator/der.js';
import { makeCsr, makeEnvelope } from '../../simulator/scep/index.js';
import { ask, authority, deviceKey, newKey, otherKey, refusal } from './client.js';

/** A stranger's message around what they saw another device send: rightly signed, with a key of their own. */
function wrapped(envelope: Buffer): Buffer {
  const placeholder = ask({ key: otherKey, envelope });
  return placeholder.message;
}

/** All that the sender of a refused message could learn from it. */
function visible(message: Buffer): object {
  const { code, failInfo, message: text, transactionId, senderNonce, digest } = refusal(message);
  return { code, failInfo, text, answerable: [transactionId, senderNonce, digest].every(Boolean) };
}

const broken = {
  code: 'undecipherable',
  failInfo: 1,
  text: 'The envelope does not hold a certificate request that is right.',
  answerable: true,
};

const csr = makeCsr({ key: deviceKey, challenge: 'a secret that somebody else would like to know' });

describe.each(['des', 'des3', 'aes128', 'aes256'] as const)('an overheard envelope with %s', (cipher) => {
  const envelope = makeEnvelope(csr, authority.certificate, cipher);

  it('is of no use to who overheard it', () => {
    expect(refusal(wrapped(envelope)).code).toBe('wrong-signer');
  });

  it('fails alike wherever it is changed', () => {
    const begin = envelope.length - csr.length;
    for (let at = begin; at < envelope.length; at += 13) {
      const changed = Buffer.from(envelope);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x55, at);
      expect(visible(wrapped(changed))).toEqual(broken);
    }
  });

  it('fails alike for every last octet, right padding or not', () => {
    const size = cipher.startsWith('aes') ? 16 : 8;
    const at = envelope.length - size - 1;
    for (let difference = 1; difference < 256; difference += 1) {
      const changed = Buffer.from(envelope);
      changed.writeUInt8(changed.readUInt8(at) ^ difference, at);
      expect(visible(wrapped(changed))).toEqual(broken);
    }
  });
});

describe('the encrypted key', () => {
  const envelope = makeEnvelope(csr, authority.certificate, 'aes128');
  const begin = envelope.indexOf(Buffer.from('04820100', 'hex')) + 4;
  const withKey = (encrypted: Buffer): Buffer => {
    const changed = Buffer.from(envelope);
    encrypted.copy(changed, begin);
    return wrapped(changed);
  };
  const publicKey = createPublicKey(authority.certificate.publicKey.export({ type: 'spki', format: 'pem' }));
  const padded = (key: Buffer): Buffer =>
    publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key);
  const raw = (block: Buffer): Buffer =>
    publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block);

  it.each([
    ['of no octets', padded(Buffer.alloc(0))],
    ['too short by one', padded(Buffer.alloc(15))],
    ['too long by one', padded(Buffer.alloc(17))],
    ['of the right size, but wrong', padded(Buffer.alloc(16))],
    ['of the size of another cipher', padded(Buffer.alloc(32))],
    ['without padding', raw(Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(254, 1)]))],
    ['without an end to its padding', raw(Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(254, 1)]))],
    ['of zero', Buffer.alloc(256)],
    ['larger than the modulus', Buffer.alloc(256, 0xff)],
  ])('%s fails like everything else', (_what, encrypted) => {
    expect(octets(encrypted)).toHaveLength(260);
    expect(visible(withKey(encrypted))).toEqual(broken);
  });
});

describe('what is wrong inside', () => {
  it.each([
    ['a key of 1024 bits', makeCsr({ key: newKey(1024), challenge: 'x' })],
    [
      'a signature that is wrong',
      Buffer.concat([csr.subarray(0, -1), Buffer.from([csr.readUInt8(csr.length - 1) ^ 1])]),
    ],
    ['a request cut short', csr.subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
  ])('%s is not said', (_what, content) => {
    expect(visible(wrapped(makeEnvelope(content, authority.certificate, 'aes128')))).toEqual(broken);
  });
});
