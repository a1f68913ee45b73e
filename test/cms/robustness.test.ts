import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signDetached, signedData, signerInfo } from '../../simulator/cms-sign.js';
import { element, integer, octets, oid, sequence, setOf, tagged } from '../../simulator/der.js';
import { readCertificate } from '../../src/apple/asn1/index.js';
import { CmsError, extractSignedContent, isSignedData, verifySignedData } from '../../src/apple/cms/index.js';
import { body, device, otherDevice } from './signers.js';

const END = Buffer.from([0, 0]);

/** An element whose length is not said: its end is marked instead. */
const indefinite = (tag: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...parts, END]);

const signedOid = oid('1.2.840.113549.1.7.2');
const dataOid = oid('1.2.840.113549.1.7.1');

/** A signed message around `eContent`, which is any encoding of the body. */
function around(
  eContent: Buffer,
  wrap = (tag: number, ...parts: Buffer[]): Buffer => element(tag, ...parts),
): Buffer {
  const content = wrap(0x30, dataOid, wrap(0xa0, eContent));
  const signers = setOf(signerInfo(body, device));
  return wrap(
    0x30,
    signedOid,
    wrap(0xa0, wrap(0x30, integer(1n), setOf(), content, tagged(0, device.certDer), signers)),
  );
}

function nested(depth: number, open: Buffer, inner: Buffer, close: Buffer): Buffer {
  return Buffer.concat([...Array<Buffer>(depth).fill(open), inner, ...Array<Buffer>(depth).fill(close)]);
}

/** What came of it: the content, or the code of a CmsError. Anything else fails the test. */
function outcome(run: () => { content: Buffer }): string {
  try {
    return run().content.toString('hex');
  } catch (error) {
    if (error instanceof CmsError) return error.code;
    throw error;
  }
}

/** A right signature, but its attributes are written in a way that DER does not have. */
function indefiniteAttributes(): Buffer {
  const { issuer, serialNumber } = readCertificate(device.certDer);
  const info = signerInfo(body, device, []);
  const signature = info.subarray(-260);
  const digest = sequence(oid('2.16.840.1.101.3.4.2.1'));
  const attributes = indefinite(
    0xa0,
    sequence(oid('1.2.840.113549.1.9.3'), setOf(dataOid)),
    sequence(oid('1.2.840.113549.1.9.4'), setOf(octets(createHash('sha256').update(body).digest()))),
  );
  const rsa = sequence(oid('1.2.840.113549.1.1.1'));
  return sequence(integer(1n), sequence(issuer, serialNumber), digest, attributes, rsa, signature);
}

function oneFieldTooMany(): Buffer {
  const signers = setOf(signerInfo(body, device));
  const fields = [integer(1n), setOf(), sequence(dataOid), tagged(0, device.certDer), signers, integer(1n)];
  return sequence(signedOid, tagged(0, sequence(...fields)));
}

describe('BER', () => {
  const pieces = [body.subarray(0, 5), body.subarray(5, 5), body.subarray(5)].map((piece) =>
    element(0x04, piece),
  );
  const forms: [string, Buffer][] = [
    ['a string in pieces', around(element(0x24, ...pieces))],
    ['a string in pieces of indefinite length', around(indefinite(0x24, ...pieces))],
    ['pieces of pieces', around(indefinite(0x24, indefinite(0x24, ...pieces)))],
    ['indefinite lengths everywhere', around(indefinite(0x24, ...pieces), indefinite)],
    [
      'lengths with more octets than needed',
      around(Buffer.concat([Buffer.from([0x04, 0x84, 0, 0, 0, body.length]), body])),
    ],
  ];

  it.each(forms)('accepts %s', (_name, cms) => {
    expect(isSignedData(cms)).toBe(true);
    expect(extractSignedContent(cms).content.equals(body)).toBe(true);
  });

  const refused: [string, Buffer, string][] = [
    [
      'attributes of indefinite length',
      signedData(undefined, [device.certDer], [indefiniteAttributes()]),
      'malformed',
    ],
    ['a primitive of indefinite length', around(indefinite(0x04, body)), 'malformed'],
    ['an end without a beginning', around(Buffer.concat([element(0x04, body), END])), 'malformed'],
    ['no end', around(indefinite(0x24, ...pieces), indefinite).subarray(0, -2), 'malformed'],
    ['a string of something else', around(element(0x24, integer(1n))), 'malformed'],
    ['something else than a string', around(sequence()), 'malformed'],
    [
      'a length of five octets',
      around(Buffer.concat([Buffer.from([0x04, 0x85, 0, 0, 0, 0, 1]), body])),
      'malformed',
    ],
    [
      'a string longer than what holds it',
      around(Buffer.concat([Buffer.from([0x04, body.length + 2]), body])),
      'malformed',
    ],
    ['a field too many', oneFieldTooMany(), 'malformed'],
    ['a tag of several octets', around(Buffer.from([0x1f, 0x81, 0x00, 0x00])), 'malformed'],
    ['4 GiB announced', Buffer.from('3084ffffffff06092a864886f70d010702', 'hex'), 'malformed'],
  ];

  it.each(refused)('refuses %s', (_name, cms, code) => {
    expect(outcome(() => verifySignedData(cms, body))).toBe(code);
  });
});

describe('bombs', () => {
  const rows: [string, () => Buffer][] = [
    ['indefinite strings', () => around(nested(100_000, Buffer.from([0x24, 0x80]), Buffer.alloc(0), END))],
    ['unclosed sequences', () => Buffer.alloc(1_000_000, Buffer.from([0x30, 0x80]))],
    ['four million pieces', () => around(element(0x24, Buffer.alloc(8_000_000, Buffer.from([0x04, 0x00]))))],
    [
      'four million pieces of indefinite length',
      () => around(indefinite(0x24, Buffer.alloc(8_000_000, Buffer.from([0x04, 0x00])))),
    ],
  ];

  it.each(rows)('%s are refused quickly', (_name, make) => {
    const cms = make();
    const start = process.cpuUsage();
    expect(outcome(() => verifySignedData(cms, body))).toBe('too-large');
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });

  it('definite strings within strings are refused past 64', () => {
    let bomb = element(0x04, body);
    for (let depth = 0; depth < 1000; depth += 1) bomb = element(0x24, bomb);
    expect(outcome(() => verifySignedData(around(bomb)))).toBe('too-large');
  });
});

describe('damaged messages', () => {
  const messages = [
    signDetached(body, device),
    signDetached(body, { ...otherDevice, attached: true }),
    signDetached(body, { ...otherDevice, byKeyIdentifier: true, signedAttributes: false }),
    around(indefinite(0x24, element(0x04, body)), indefinite),
  ];
  const whole = body.toString('hex');

  it('are never anything but a CmsError when cut off', () => {
    for (const cms of messages) {
      for (let length = 0; length < cms.length; length += 16) {
        expect(outcome(() => verifySignedData(cms.subarray(0, length), body))).toBe('malformed');
      }
    }
  });

  it('never make another content pass, nor throw anything else', () => {
    const mutation = fc.record({
      at: fc.nat(),
      value: fc.nat(255),
      kind: fc.constantFrom('set', 'insert', 'remove'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (cms, mutations) => {
          const bytes = [...cms];
          for (const { at, value, kind } of mutations) {
            const index = at % bytes.length;
            bytes.splice(index, kind === 'insert' ? 0 : 1, ...(kind === 'remove' ? [] : [value]));
          }
          const result = outcome(() => verifySignedData(Buffer.from(bytes), body));
          expect(result === whole || /^[a-z-]+$/.test(result)).toBe(true);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('nor do arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(outcome(() => verifySignedData(bytes, body))).toMatch(/^[a-z-]+$/);
        const begun = Buffer.concat([signedOid, Buffer.from([0xa0, 0x80, 0x30, 0x80]), bytes]);
        expect(outcome(() => verifySignedData(element(0x30, begun), body))).toMatch(/^[a-z-]+$/);
      }),
      { numRuns: 300 },
    );
  });
});
