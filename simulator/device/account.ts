import { buildPlist } from '../../src/apple/plist/index.js';
import { signDetached } from '../cms-sign.js';
import type { Issued } from '../pki.js';
import { Browser, type Landing } from './browser.js';
import type { SimulatedDevice } from './device.js';
import { installProfile, LinkError, type LinkedDeviceOptions } from './link.js';
import { factsOf, type DeviceFacts } from './options.js';

export type AccountMode = 'BYOD' | 'ADDE';

export interface AccountOptions extends LinkedDeviceOptions {
  /** What the device was given by Apple when it was made: it signs what it says of itself with it. */
  readonly apple: Issued;
  /** What the device is told to look for. Default: whatever the server offers first. */
  readonly mode?: AccountMode;
  readonly browser?: Browser;
}

/** A way to enrol, as the server tells it. */
export interface AccountServer {
  readonly mode: AccountMode;
  readonly baseUrl: string;
}

const WELL_KNOWN = '/.well-known/com.apple.remotemanagement';
const RESULT = 'apple-remotemanagement-user-login:';

/**
 * What a device does when its user signs in with an account in the settings (Apple: "Implementing the simple authentication
 * account-driven enrollment flow"), step by step; `deviceFromAccount` takes them all.
 */
export class AccountFlow {
  readonly browser: Browser;
  readonly facts: DeviceFacts;

  constructor(
    /** `user@domain`, as typed. */
    readonly user: string,
    private readonly o: AccountOptions,
  ) {
    this.browser = o.browser ?? new Browser();
    this.facts = factsOf({ ...o, serverUrl: '', identity: o.apple, topic: '' });
  }

  /** Asks the domain where its devices are managed. @param domainUrl stands for https:// and the domain of the user */
  async discover(domainUrl: string): Promise<AccountServer> {
    const url = new URL(WELL_KNOWN, domainUrl);
    const family = this.o.platform === 'macOS' ? 'Mac' : 'iPhone';
    url.search = new URLSearchParams({ 'user-identifier': this.user, 'model-family': family }).toString();
    const answer = await fetch(url);
    if (answer.status !== 200) throw new LinkError(`The domain answers ${answer.status}`, answer.status);
    const { Servers } = (await answer.json()) as { Servers: { Version: string; BaseURL: string }[] };
    const servers = Servers.map(({ Version, BaseURL }) => ({
      mode: Version === 'mdm-byod' ? ('BYOD' as const) : ('ADDE' as const),
      baseUrl: BaseURL,
    }));
    const found = servers.find(({ mode }) => this.o.mode === undefined || mode === this.o.mode);
    if (found === undefined) throw new LinkError(`No server for ${this.o.mode}`);
    return found;
  }

  /** Asks for the enrolment profile: without a token to be told where to sign in. */
  request({ mode, baseUrl }: AccountServer, token?: string): Promise<Response> {
    return fetch(baseUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/pkcs7-signature',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: new Uint8Array(machineInfo(mode, this.facts, this.o.apple)),
    });
  }

  /** Where the user signs in, from the answer to the first request. */
  signInUrl(answer: Response): string {
    const header = answer.headers.get('www-authenticate') ?? '';
    const [, url] = /^Bearer method="apple-as-web", url="([^"]+)"$/.exec(header) ?? [];
    if (answer.status !== 401 || url === undefined)
      throw new LinkError(`The server does not ask to sign in: ${answer.status} ${header}`, answer.status);
    return url;
  }

  /** Opens the web view, which tells the page whom it is for. */
  openWebView(signInUrl: string): Promise<Landing> {
    const url = new URL(signInUrl);
    url.searchParams.set('user-identifier', this.user);
    return this.browser.open(url);
  }

  /** The access token that the web view ended with. @throws {LinkError} */
  tokenIn({ status, url, body }: Landing): string {
    const token = url.protocol === RESULT && status === 308 ? url.searchParams.get('access-token') : null;
    if (token === null || url.host !== 'authentication-results')
      throw new LinkError(`The web view ended at a page: ${status} ${textOf(body)}`, status);
    return token;
  }
}

/** From the account to a device that is ready to check in: `enroll()` is the next step. @throws {LinkError} */
export async function deviceFromAccount(
  user: string,
  domainUrl: string,
  options: AccountOptions,
): Promise<SimulatedDevice> {
  const flow = new AccountFlow(user, options);
  const server = await flow.discover(domainUrl);
  const first = await flow.request(server);
  const token = flow.tokenIn(await flow.openWebView(flow.signInUrl(first)));
  const answer = await flow.request(server, token);
  if (answer.status !== 200)
    throw new LinkError(`The server gives no profile: ${answer.status}`, answer.status);
  const profile = Buffer.from(await answer.arrayBuffer());
  const { apple: _apple, mode: _mode, browser: _browser, ...rest } = options;
  const { udid, serialNumber } = flow.facts;
  return installProfile(profile, { udid, serialNumber, ...rest, userEnrollment: server.mode === 'BYOD' });
}

/** In User Enrollment a device tells nothing that another one does not (Apple schema, other/machineinfo.yaml). */
function machineInfo(mode: AccountMode, facts: DeviceFacts, { certDer, key }: Issued): Buffer {
  const info = {
    LANGUAGE: 'en_US',
    PRODUCT: facts.productName,
    VERSION: facts.buildVersion,
    OS_VERSION: facts.osVersion,
    ...(mode === 'ADDE' && { UDID: facts.udid, SERIAL: facts.serialNumber }),
  };
  return signDetached(buildPlist(info), { certDer, key, attached: true });
}

const textOf = (html: string): string => html.replace(/<style>.*<\/style>|<[^>]+>|\s+/gs, ' ').trim();
