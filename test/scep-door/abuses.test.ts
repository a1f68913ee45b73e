import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/apple/identity/index.js';
import { bits, boolean, integer, octets, oid, sequence, taggedPrimitive } from '../../simulator/der.js';
import { makeCsr } from '../../simulator/scep/index.js';
import { constraintsOf } from '../../src/apple/identity/constraints.js';
import { onBothDatabases } from '../support/databases.js';
import { issueIdentity, useMdm } from '../mdm/kit.js';
import { ABUSES, type Means } from './abuses.js';
import { certificateOf, newKey, ScepClient } from './kit.js';

onBothDatabases('Abuses of SCEP', (name) => {
  const mdm = useMdm(name);
  let means: Means;
  let before: number;

  beforeAll(async () => {
    const scep = new ScepClient(mdm);
    const keys = [newKey(), newKey()] as const;
    const bound = await scep.identity(newKey());
    await mdm.enrolled({ identity: bound });
    const foreign = issueIdentity({ keyType: 'rsa' });
    await mdm.enrolled({ identity: foreign });
    const revoked = await scep.identity(newKey());
    await mdm.enrolled({ identity: revoked });
    await mdm.services.authority.revoke(fingerprint(revoked.certDer));
    const used = await scep.mint();
    const unshown = await scep.enrol({ challenge: used, key: bound.key });
    const expired = await scep.mint({ expiresAt: new Date(mdm.now() + 1_000) });
    mdm.advance(2);
    const challenge = await scep.mint();
    means = {
      scep,
      keys,
      challenge,
      used,
      expired,
      bound,
      foreign,
      revoked,
      unshown: { ...bound, certDer: certificateOf(unshown).raw },
    };
    before = await scep.issuedCount();
  });

  it('are more than two hundred', () => {
    expect(new Set(ABUSES.map(({ what }) => what)).size).toBe(ABUSES.length);
    expect(ABUSES.length).toBeGreaterThan(200);
  });

  describe('get no certificate, and no error of ours:', () => {
    it.each(ABUSES)('$what', async ({ message }) => {
      const { scep } = means;
      const { status, type } = await scep.post(await message(means));
      expect([200, 400, 413]).toContain(status);
      expect(type).toMatch(status === 200 ? /^application\/x-pki-message$/ : /^text\/plain/);
      expect(await scep.issuedCount()).toBe(before);
    });
  });

  afterAll(async () => {
    // The good challenge was never used up: it was the abuses that failed.
    expect((await means.scep.enrol({ challenge: means.challenge, key: means.keys[0] })).status).toBe(
      'SUCCESS',
    );
    expect(await means.scep.issuedCount()).toBe(before + 1);
  });

  it('that ask for more than they may have get what everyone gets', async () => {
    const { scep, keys } = means;
    const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), boolean(true), octets(value));
    const extensions = sequence(
      extension('2.5.29.19', sequence(boolean(true), integer(9n))),
      extension('2.5.29.15', bits(Buffer.from([0xff]))),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'), oid('2.5.29.37.0'))),
      extension('2.5.29.17', sequence(taggedPrimitive(2, Buffer.from('mdm.example.org')))),
    );
    const challenge = await scep.mint();
    const csr = makeCsr({ key: keys[0], challenge, extensions, commonName: 'Pomona Device Authority' });
    const certificate = certificateOf(await scep.enrol({ key: keys[0], csr }));
    expect(certificate.ca).toBe(false);
    expect(constraintsOf(certificate)).toMatchObject({ ca: false, usages: ['1.3.6.1.5.5.7.3.2'] });
    expect(certificate.subjectAltName).toBeUndefined();
    expect(certificate.subject).not.toContain('Pomona Device Authority');
    await mdm.app.database.run('DELETE FROM issued_certificates WHERE sha256 = ?', [
      fingerprint(certificate.raw),
    ]);
  });
});
