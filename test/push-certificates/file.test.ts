import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { loadPushCertificate, type PushCertificate } from '../../src/apple/apns/index.js';
import { PushCertificateFile } from '../../src/services/push-certificates/file-source.js';
import { issuePushCertificate, type Issued } from '../../simulator/pki.js';
import { authority, load } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import { useMdm, type Enrolled } from '../mdm/kit.js';
import { ask, inUse, OTHER_TOPIC, TOKEN, TOPIC, tryRequest, upload, wake } from './kit.js';

const issued = (topic = TOPIC): Issued => issuePushCertificate(authority, topic, { keyType: 'ec' });
const sha256Of = (one: Issued): string => load(one).fingerprint;

onBothDatabases('A push certificate in a file', (name) => {
  const mdm = useMdm(name, { ADMIN_TOKEN: TOKEN });
  let enrolled: Enrolled;
  beforeAll(async () => {
    enrolled = await mdm.enrolled();
  });
  const write = ({ certPem, keyPem }: Issued): void => {
    writeFileSync(join(mdm.store.dataDir, 'push.pem'), certPem);
    writeFileSync(join(mdm.store.dataDir, 'push.key'), keyPem);
  };

  it('wins: none is asked for or uploaded beside it', async () => {
    expect(await inUse(mdm.app)).toMatchObject({ source: 'FILE', topic: TOPIC, record: null });
    const { certPem, keyPem } = issued();
    const refused = {
      pushCertificate: null,
      userErrors: [
        {
          code: 'FEATURE_NOT_AVAILABLE',
          message: expect.stringContaining('POMONA_APNS_CERT_FILE'),
          path: null,
        },
      ],
    };
    expect(await upload(mdm.app, { certificate: certPem + keyPem, force: true })).toEqual(refused);
    expect(await tryRequest(mdm.app, { commonName: 'Orchard', email: 'a@example.org' })).toEqual(refused);
    expect((await ask(mdm.app, '{ pushCertificates { totalCount } }')).pushCertificates.totalCount).toBe(0);
  });

  it('is read again by itself when it is renewed, and used at once', async () => {
    const renewed = issued();
    write(renewed);
    await mdm.until(async () => (await inUse(mdm.app)).sha256 === sha256Of(renewed));
    await wake(mdm.app, [enrolled.uuid]);
    await mdm.until(async () => mdm.apns.received.at(-1)?.certificateSha256 === sha256Of(renewed));
    expect(mdm.apns.received.at(-1)).toMatchObject({ status: 200 });
  });

  it('of another topic is taken at the restart alone', async () => {
    const former = await inUse(mdm.app);
    const other = issued(OTHER_TOPIC);
    write(other);
    await mdm.app.services.pushCertificates.refresh();
    expect(await inUse(mdm.app)).toEqual(former);
    const restarted = await mdm.open({
      APNS_CERT_FILE: file(mdm.store.dataDir, other),
      APNS_KEY_FILE: '',
    });
    expect(await inUse(restarted)).toMatchObject({ source: 'FILE', topic: OTHER_TOPIC });
    await restarted.stop();
  });

  it('that is missing stays in use as it was', async () => {
    const former = await inUse(mdm.app);
    rmSync(join(mdm.store.dataDir, 'push.pem'));
    await mdm.app.services.pushCertificates.refresh();
    expect(await inUse(mdm.app)).toEqual(former);
  });
});

function file(folder: string, { certPem, keyPem }: Issued): string {
  const path = join(folder, 'other.pem');
  writeFileSync(path, certPem + keyPem);
  return path;
}

describe('What is logged of the file', () => {
  /** A source whose file is what the test says. */
  function source(first: Issued) {
    const lines: { level: number; msg: string }[] = [];
    const log = pino({ base: undefined }, { write: (line) => void lines.push(JSON.parse(line)) });
    let content = first.certPem + first.keyPem;
    const read = (): PushCertificate => loadPushCertificate({ certificate: Buffer.from(content) });
    const look = new PushCertificateFile({ first: read(), fingerprint: async () => content, read }, log);
    return { look, lines, becomes: (text: string) => (content = text) };
  }
  const ERROR = 50;

  it('is nothing while it stays', async () => {
    const { look, lines } = source(issued());
    const held = await look.look(undefined);
    expect(await look.look(held)).toBe(held);
    expect(lines).toEqual([]);
  });

  it('is one error for one bad file, which is not used; the next good one is', async () => {
    const { look, lines, becomes } = source(issued());
    const held = await look.look(undefined);
    becomes('-----BEGIN CERTIFICATE-----\nhalf');
    for (let times = 0; times < 3; times += 1) expect(await look.look(held)).toBe(held);
    expect(lines).toEqual([
      expect.objectContaining({ level: ERROR, msg: expect.stringContaining('will not do') }),
    ]);
    const renewed = issued();
    becomes(renewed.certPem + renewed.keyPem);
    expect((await look.look(held)).certificate.fingerprint).toBe(sha256Of(renewed));
  });

  it('is an error for another topic, which is not used', async () => {
    const { look, lines, becomes } = source(issued());
    const held = await look.look(undefined);
    const other = issued(OTHER_TOPIC);
    becomes(other.certPem + other.keyPem);
    for (let times = 0; times < 3; times += 1) expect(await look.look(held)).toBe(held);
    expect(lines).toEqual([
      expect.objectContaining({
        level: ERROR,
        topic: OTHER_TOPIC,
        former: TOPIC,
        msg: expect.stringContaining('restart'),
      }),
    ]);
  });
});
