import { expect, it } from 'vitest';
import { useAccounts } from '../account-driven/kit.js';
import { serve } from '../enrollment/apple.js';
import { invite } from '../enrollment/kit.js';
import { onBothDatabases } from '../support/databases.js';

onBothDatabases('Where somebody has to sign in before a device is set up', (name) => {
  const accounts = useAccounts(name, { OIDC_REQUIRED_IN_SETUP: 'true' });

  it('the token in the address that Apple was given opens nothing by itself: it is no link besides', async () => {
    const { link, profile } = await serve(accounts.mdm);
    for (const path of ['', '/profile', '/ota']) expect((await fetch(`${link}${path}`)).status).toBe(404);
    await accounts.mdm.services.enrollmentProfiles.update(profile.uuid, { isDefault: true });
    expect((await fetch(`${accounts.mdm.app.url}/mdm/enroll`)).status).toBe(404);
    expect(await accounts.permits()).toBe(0);
  });

  it('the link of another enrolment profile is as good as ever', async () => {
    const { link } = await invite(accounts.mdm);
    expect((await fetch(link)).status).toBe(200);
  });
});
