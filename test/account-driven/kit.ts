import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import {
  AccountFlow,
  deviceFromAccount,
  type AccountMode,
  type AccountOptions,
  type AccountServer,
  type SimulatedDevice,
} from '../../simulator/device/index.js';
import { FakeProvider } from '../../simulator/oidc/index.js';
import { createAuthority, issueDeviceIdentity } from '../../simulator/pki.js';
import type { EnrollmentProfile } from '../../src/entities/enrollment-profile.js';
import { AccountDrivenMode } from '../../src/entities/sign-in.js';
import type { NewEnrollmentProfile } from '../../src/services/enrolment-profiles/enrolment-profiles.js';
import { Mdm } from '../mdm/kit.js';

export const USER = 'anna@example.org';
const ANNA = { sub: 'anna', email: USER, email_verified: true };
const appleCa = createAuthority('Apple iPhone Device CA', { keyType: 'ec' });
/** What a device was given by Apple, and what somebody gave himself. */
export const apple = issueDeviceIdentity(appleCa, 'device', { keyType: 'ec' });
export const forged = issueDeviceIdentity(
  createAuthority('Apple iPhone Device CA', { keyType: 'ec' }),
  'device',
  {
    keyType: 'ec',
  },
);

/** The server with an OpenID provider, and devices of people who have accounts there. */
export class Accounts {
  mdm: Mdm;
  provider: FakeProvider;
  readonly #directory = mkdtempSync(join(tmpdir(), 'pomona-account-'));
  readonly #devices: SimulatedDevice[] = [];

  async start(name: 'sqlite' | 'mysql', options: Readonly<Record<string, string>>): Promise<void> {
    const { CLIENT_SECRET: clientSecret, ...rest } = options;
    const secret = clientSecret === undefined ? {} : { clientSecret };
    this.provider = await FakeProvider.start({ clientId: 'pomona', ...secret });
    const caFile = join(this.#directory, 'apple.pem');
    writeFileSync(caFile, appleCa.certPem);
    this.mdm = new Mdm(name, {
      APPLE_DEVICE_CA_FILE: caFile,
      OIDC_ISSUER: this.provider.issuer,
      OIDC_CLIENT_ID: 'pomona',
      ...(clientSecret === undefined ? {} : { OIDC_CLIENT_SECRET: clientSecret }),
      ...rest,
    });
    await this.mdm.start();
  }

  async stop(): Promise<void> {
    for (const device of this.#devices) device.close();
    await this.mdm.stop();
    await this.provider.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async offer(mode: AccountMode, fields: Partial<NewEnrollmentProfile> = {}): Promise<EnrollmentProfile> {
    const accountDriven = AccountDrivenMode[mode];
    const given = { name: `Account ${mode}`, accountDriven, ...fields };
    return (await this.mdm.services.enrollmentProfiles.create(given)).profile;
  }

  flow(o: Partial<AccountOptions> = {}): AccountFlow {
    return new AccountFlow(USER, { apple, ...o });
  }

  /** The ways that the server offers to these devices, without asking it. */
  server(mode: AccountMode): AccountServer {
    return { mode, baseUrl: `${this.mdm.app.url}/mdm/enroll/account/${mode.toLowerCase()}` };
  }

  signInUrl(mode: AccountMode): string {
    return `${this.mdm.app.url}/enroll/account/${mode.toLowerCase()}`;
  }

  /** An access token, by a sign-in with nothing wrong about it. */
  async token(mode: AccountMode, flow = this.flow()): Promise<string> {
    return flow.tokenIn(await flow.openWebView(this.signInUrl(mode)));
  }

  /** A device that has its identity, and did not check in yet. */
  async device(mode: AccountMode, o: Partial<AccountOptions> = {}): Promise<SimulatedDevice> {
    const device = await deviceFromAccount(USER, this.mdm.app.url, { apple, mode, ...o });
    this.#devices.push(device);
    return device;
  }

  /** What could be used to enrol a device: tokens not used yet, challenges, certificates. */
  async permits(): Promise<number> {
    const [row] = await this.mdm.query<{ n: number | string }>(
      `SELECT (SELECT COUNT(*) FROM sign_ins WHERE token_sha256 IS NOT NULL AND token_used_at IS NULL)
         + (SELECT COUNT(*) FROM enrollment_challenges) + (SELECT COUNT(*) FROM issued_certificates) AS n`,
    );
    return Number(row?.n);
  }

  async alerts(): Promise<unknown[]> {
    const rows = await this.mdm.query<{ data: string }>(
      `SELECT data FROM events WHERE type = 'ALERT' ORDER BY seq`,
    );
    return rows.map(({ data }) => JSON.parse(data) as unknown);
  }
}

/** One server and one provider for all tests of a `describe`; the provider behaves again after each. */
export function useAccounts(
  name: 'sqlite' | 'mysql',
  options: Readonly<Record<string, string>> = {},
): Accounts {
  const accounts = new Accounts();
  beforeAll(() => accounts.start(name, options));
  afterEach(() => {
    accounts.provider.misconduct = {};
    accounts.provider.person = ANNA;
    if (accounts.mdm.dismissed().length > 0) throw new Error('An answer made a device give up its enrolment');
  });
  afterAll(() => accounts.stop());
  return accounts;
}

/** That the server asks to sign in, as it did before. */
export function expectToBeAsked(answer: Response, signInUrl: string): void {
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe(`Bearer method="apple-as-web", url="${signInUrl}"`);
}
