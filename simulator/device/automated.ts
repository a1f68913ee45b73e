import type { Issued } from '../pki.js';
import { Browser, type Landing } from './browser.js';
import type { SimulatedDevice } from './device.js';
import { installProfile, LinkError } from './link.js';
import { factsBefore, machineInfo, signAttributes, type UnenrolledOptions } from './machine-info.js';

/**
 * Does what a device in Setup Assistant does with the `url` of the profile that Apple assigned it: says who it is, installs what
 * it is given, and is ready to check in: `enroll({ awaitingConfiguration: true })` is the next step.
 * @param apple what Apple gave the device
 * @throws {LinkError}
 */
export async function deviceAutomatically(
  url: string,
  apple: Issued,
  o: UnenrolledOptions = {},
): Promise<SimulatedDevice> {
  const facts = factsBefore(o);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/pkcs7-signature' },
    body: new Uint8Array(signAttributes(machineInfo(facts, o), apple)),
  });
  return installProfile(await profileIn(answer), { ...o, ...facts });
}

/** The same with `configuration_web_url`: shows the page, signs in when it says so, and presses its button. @throws {LinkError} */
export async function deviceByWebView(
  webUrl: string,
  apple: Issued,
  o: UnenrolledOptions & { readonly browser?: Browser } = {},
): Promise<SimulatedDevice> {
  const facts = factsBefore(o);
  const signed = signAttributes(machineInfo(facts, o), apple).toString('base64');
  const browser = o.browser ?? new Browser();
  const page = await signIn(browser, await browser.open(webUrl, { 'x-apple-aspen-deviceinfo': signed }));
  if (page.status !== 200) throw new LinkError(`The web view answers ${page.status}`, page.status);
  const { browser: _browser, ...rest } = o;
  return installProfile(await profileIn(await pressButton(webUrl, page.body)), { ...rest, ...facts });
}

/** Follows the button of a page that asks its reader to sign in, through the provider and back. Any other page stays. */
async function signIn(browser: Browser, page: Landing): Promise<Landing> {
  const href = signInLinkIn(page.body);
  return page.status === 200 && href !== undefined ? browser.open(new URL(href, page.url)) : page;
}

/** Where the button of a page leads that asks its reader to sign in. */
export function signInLinkIn(html: string): string | undefined {
  return /<a class="button" href="([^"]+)">Sign in/.exec(html)?.[1]?.replaceAll('&amp;', '&');
}

/** Sends the form of a page: the device does not sign this any more. */
export function pressButton(pageUrl: string, html: string): Promise<Response> {
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(html) ?? [];
  const fields = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)"/g);
  const body = new URLSearchParams(
    [...fields].map(([, name = '', value = '']): [string, string] => [name, value]),
  );
  return fetch(new URL(action, pageUrl), { method: 'POST', body });
}

/** The profile of an answer. @throws {LinkError} */
export async function profileIn(answer: Response): Promise<Buffer> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200)
    throw new LinkError(
      `The server answers ${answer.status}: ${bytes.toString('utf8', 0, 300)}`,
      answer.status,
    );
  const type = answer.headers.get('content-type') ?? '';
  if (type.startsWith('application/x-apple-aspen-config')) return bytes;
  throw new LinkError(`The server answers with ${type}, which is no profile`);
}
