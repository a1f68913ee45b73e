import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import { createAuthority } from '../../simulator/pki.js';
import { closeDevices } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { someKey } from '../scep-door/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { bindings, DAY, hashOf, linked, OPTIONS, renewalsOf, speakingWith } from './kit.js';

onBothDatabases('An authority that the operator brings later', (name) => {
  const mdm = useMdm(name, OPTIONS);
  afterAll(closeDevices);

  /** The same server, with another authority from now on. */
  async function bring(ca: ReturnType<typeof createAuthority>): Promise<void> {
    const file = (as: string, content: string): string => {
      writeFileSync(join(mdm.store.dataDir, as), content);
      return join(mdm.store.dataDir, as);
    };
    await mdm.app.stop();
    mdm.app = await mdm.open({
      IDENTITY_CA_CERT_FILE: file('brought.pem', ca.certPem),
      IDENTITY_CA_KEY_FILE: file('brought.key', ca.keyPem),
    });
  }

  it('renews the devices of the former one onto it, which go on meanwhile', async () => {
    const { device, uuid } = await linked(mdm);
    const former = mdm.services.authority.current.certificate;
    await bring(createAuthority('Orchard CA'));
    const same = speakingWith(mdm, device, device.identity);
    same.renewal = { scep: { key: someKey(7) } };
    expect((await same.idle()).status).toBe(200);
    mdm.advance(71 * DAY);
    await mdm.services.renewals.due();
    expect(await renewalsOf(mdm, uuid)).toHaveLength(1);
    same.state.enrolled = true;
    await same.connect();
    const { certificate } = mdm.services.authority.current;
    const issuedNow = new X509Certificate(same.identity.certDer);
    expect([issuedNow.verify(certificate.publicKey), issuedNow.verify(former.publicKey)]).toEqual([
      true,
      false,
    ]);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
    expect((await same.idle()).status).toBe(200);
    expect(hashOf(same.identity)).not.toBe(hashOf(device.identity));
  });

  it('that ends no later than the identities renews none of them: an operator is told', async () => {
    const { device, uuid } = await linked(mdm);
    const ends = new X509Certificate(device.identity.certDer).validToDate;
    await bring(createAuthority('Short CA', { notAfter: new Date(ends.getTime() - 3_600_000) }));
    mdm.advance(85 * DAY);
    await mdm.services.renewals.due();
    expect(await renewalsOf(mdm, uuid)).toEqual([]);
    const alerts = await mdm.events(EventType.ALERT, uuid);
    expect(alerts).toMatchObject([
      { alert: 'RENEWAL_OVERDUE', reason: expect.stringContaining('ends no later') },
    ]);
  });
});
