import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import {
  certificateFor,
  inUse,
  OTHER_TOPIC,
  renew,
  request,
  TOPIC,
  upload,
  useServerWithoutCertificate,
  wake,
} from './kit.js';

onBothDatabases('A push certificate of another topic', (name) => {
  const mdm = useServerWithoutCertificate(name);
  const refused = (words: RegExp) => ({
    pushCertificate: null,
    userErrors: [{ code: 'CONFLICT', message: expect.stringMatching(words), path: ['input', 'certificate'] }],
  });

  it('is taken while no device is enrolled', async () => {
    expect(await renew(mdm.app, OTHER_TOPIC)).toMatchObject({ topic: OTHER_TOPIC });
    expect(await renew(mdm.app, TOPIC)).toMatchObject({ topic: TOPIC });
  });

  it('is refused when it would orphan devices, saying how many, and changes nothing', async () => {
    const devices = [await mdm.enrolled(), await mdm.enrolled()];
    await (await mdm.enrolled()).device.checkOut();
    const former = await inUse(mdm.app);
    const open = await request(mdm.app);
    const certificate = certificateFor(open.csrPem, OTHER_TOPIC);
    const words = new RegExp(`2 devices enrolled here would be orphaned.*2 devices to ${TOPIC}.*Renew`);
    expect(await upload(mdm.app, { certificate })).toEqual(refused(words));
    expect(await upload(mdm.app, { certificate, force: false })).toEqual(refused(words));
    expect(await inUse(mdm.app)).toEqual(former);
    // The request is still open: the right certificate may come for it.
    const right = await upload(mdm.app, { certificate: certificateFor(open.csrPem, TOPIC) });
    expect(right).toMatchObject({ userErrors: [], pushCertificate: { id: open.id } });
    const before = mdm.apns.received.length;
    await wake(
      mdm.app,
      devices.map(({ uuid }) => uuid),
    );
    await mdm.until(async () => mdm.apns.received.length === before + 2);
  });

  it('is taken when forced; who goes back is told of those who enrolled meanwhile, and wakes the first ones at once', async () => {
    const early = await mdm.enrolled();
    await renew(mdm.app, OTHER_TOPIC, true);
    expect(await inUse(mdm.app)).toMatchObject({ topic: OTHER_TOPIC });
    const late = await mdm.enrolled({ topic: OTHER_TOPIC });
    const [push] = await wake(mdm.app, [early.uuid]);
    await mdm.until(async () => {
      const [row] = await mdm.query<{ status: string }>('SELECT status FROM pushes WHERE uuid = ?', [push!]);
      return row?.status === 'NOT_CONFIGURED';
    });
    const { csrPem } = await request(mdm.app);
    const certificate = certificateFor(csrPem, TOPIC);
    expect(await upload(mdm.app, { certificate })).toEqual(
      refused(new RegExp(`1 device enrolled here would be orphaned.*1 device to ${OTHER_TOPIC}`)),
    );
    const woken = new Promise((resolve) => {
      mdm.apns.on('push', ({ topic, token }) => {
        if (topic === TOPIC && token === early.device.state.pushToken?.toString('hex')) resolve(true);
      });
    });
    expect((await upload(mdm.app, { certificate, force: true })).userErrors).toEqual([]);
    expect(await woken).toBe(true);
    expect(
      mdm.apns.received.some(({ token }) => token === late.device.state.pushToken?.toString('hex')),
    ).toBe(false);
    // A renewal of what is in use is never in question.
    expect(await renew(mdm.app, TOPIC)).toMatchObject({ topic: TOPIC });
  });
});
