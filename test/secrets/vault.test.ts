import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, keyName, Vault, VaultError, type SecretPlace } from '../../src/services/vault.js';
import { firstForm } from './kit.js';

const KEY = Buffer.alloc(32, 1);
const OTHER = Buffer.alloc(32, 2);
const THIRD = Buffer.alloc(32, 3);
const PLACE: SecretPlace = { table: 'device_secrets', column: 'ciphertext', row: 'r1' };
const SECRET = Buffer.from('the unlock token of a device');

function codeOf(open: () => unknown): string {
  try {
    open();
    return 'opened';
  } catch (error) {
    return error instanceof VaultError ? error.code : String(error);
  }
}

describe('The vault', () => {
  const vault = new Vault(KEY);

  it('opens what it sealed, of any length, where it was sealed', () => {
    for (const secret of [Buffer.alloc(0), SECRET, randomBytes(100_000)])
      expect(vault.open(vault.seal(secret, PLACE), PLACE)).toEqual(secret);
  });

  it('seals the same secret differently each time, and shows nothing of it', () => {
    const [one, two] = [vault.seal(SECRET, PLACE), vault.seal(SECRET, PLACE)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes(SECRET.subarray(0, 8))).toBe(false);
    expect(one.includes(KEY.subarray(0, 8))).toBe(false);
  });

  const elsewhere: [string, SecretPlace][] = [
    ['row', { ...PLACE, row: 'r2' }],
    ['column', { ...PLACE, column: 'sealed_key' }],
    ['table', { ...PLACE, table: 'authorities' }],
    ['place whose names only read alike', { table: 'device_secrets\0ciphertext', column: 'r1', row: '' }],
  ];
  it.each(elsewhere)('does not open what was moved to another %s', (_what, place) => {
    expect(codeOf(() => vault.open(vault.seal(SECRET, PLACE), place))).toBe('ALTERED');
    expect(codeOf(() => vault.open(firstForm(KEY, SECRET, PLACE), place))).toBe('OTHER_KEY');
  });

  it('opens nothing of which one bit was turned, or that was cut short', () => {
    const sealed = vault.seal(SECRET, PLACE);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const turned = Buffer.from(sealed);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // The version is the first byte, the key's id the next four.
      const expected =
        bit < 8 ? ['UNKNOWN_FORM', 'OTHER_KEY'] : bit < HEAD_BYTES * 8 ? ['OTHER_KEY'] : ['ALTERED'];
      expect(expected, `bit ${bit}`).toContain(codeOf(() => vault.open(turned, PLACE)));
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(
        codeOf(() => vault.open(sealed.subarray(0, length), PLACE)),
        `${length} bytes`,
      ).not.toBe('opened');
  });

  it('does not take the tag to be shorter than it is', () => {
    const sealed = vault.seal(Buffer.alloc(0), PLACE);
    for (const missing of [1, 4, 8, 12])
      expect(codeOf(() => vault.open(sealed.subarray(0, sealed.length - missing), PLACE))).toBe('ALTERED');
  });

  it('says of another key that it is another key, and which', () => {
    const sealed = new Vault(OTHER).seal(SECRET, PLACE);
    expect(codeOf(() => vault.open(sealed, PLACE))).toBe('OTHER_KEY');
    expect(() => vault.open(sealed, PLACE)).toThrow(keyName(OTHER));
    expect(keyName(OTHER)).toMatch(/^[0-9a-f]{8}$/);
  });

  it('does not open what bears the id of its key and was sealed with another', () => {
    const forged = Buffer.concat([vault.head, new Vault(OTHER).seal(SECRET, PLACE).subarray(HEAD_BYTES)]);
    expect(codeOf(() => vault.open(forged, PLACE))).toBe('ALTERED');
  });

  it('opens the first form with whichever key made it, and tells nothing of a wrong one', () => {
    const both = new Vault({ current: KEY, former: [OTHER] });
    expect(both.open(firstForm(KEY, SECRET, PLACE), PLACE)).toEqual(SECRET);
    expect(both.open(firstForm(OTHER, SECRET, PLACE), PLACE)).toEqual(SECRET);
    expect(codeOf(() => both.open(firstForm(THIRD, SECRET, PLACE), PLACE))).toBe('OTHER_KEY');
    const turned = firstForm(KEY, SECRET, PLACE);
    turned[20] = (turned[20] ?? 0) ^ 1;
    expect(codeOf(() => both.open(turned, PLACE))).toBe('OTHER_KEY');
  });

  it('does not take the second form for the first', () => {
    const sealed = vault.seal(SECRET, PLACE);
    const relabelled = Buffer.concat([Buffer.from([1]), sealed.subarray(HEAD_BYTES)]);
    expect(codeOf(() => vault.open(relabelled, PLACE))).toBe('OTHER_KEY');
  });

  it('seals with the current key, and opens with the former ones too', () => {
    const both = new Vault({ current: KEY, former: [OTHER, KEY] });
    const former = new Vault(OTHER).seal(SECRET, PLACE);
    expect(both.open(former, PLACE)).toEqual(SECRET);
    expect(both.sealedWith(former.subarray(0, HEAD_BYTES))).toBe('FORMER');
    const sealed = both.seal(SECRET, PLACE);
    expect(vault.open(sealed, PLACE)).toEqual(SECRET);
    expect(both.sealedWith(sealed.subarray(0, HEAD_BYTES))).toBe('CURRENT');
    expect(both.sealedWith(new Vault(THIRD).head)).toBe('OTHER_KEY');
    expect(both.sealedWith(firstForm(KEY, SECRET, PLACE).subarray(0, HEAD_BYTES))).toBe('NOT_TOLD');
  });

  it('takes up keys that change while it is used', () => {
    let next: { current: Buffer; former: Buffer[] } | undefined;
    const following = new Vault(KEY, () => {
      const changed = next;
      next = undefined;
      return changed;
    });
    const before = following.seal(SECRET, PLACE);
    // Another process has replaced the key already, and sealed with it.
    const others = new Vault(OTHER).seal(SECRET, PLACE);
    next = { current: OTHER, former: [KEY] };
    expect(following.open(others, PLACE)).toEqual(SECRET);
    expect(following.open(before, PLACE)).toEqual(SECRET);
    next = { current: THIRD, former: [OTHER, KEY] };
    expect(new Vault(THIRD).open(following.seal(SECRET, PLACE), PLACE)).toEqual(SECRET);
  });

  it('takes keys of 32 bytes alone', () => {
    expect(() => new Vault(Buffer.alloc(31))).toThrow('32 bytes');
    expect(() => new Vault({ current: KEY, former: [Buffer.alloc(33)] })).toThrow('32 bytes');
  });
});
