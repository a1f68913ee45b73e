import { isLoopback } from './listening.js';

/** The options about the OpenID provider where people sign in. */
interface SignInOptions {
  readonly OIDC_ISSUER: string | undefined;
  readonly OIDC_CLIENT_ID: string | undefined;
  readonly OIDC_CLIENT_SECRET: string | undefined;
  readonly OIDC_CLIENT_SECRET_FILE: string | undefined;
  readonly OIDC_REQUIRED_IN_SETUP: boolean;
}

/** A sentence about options that will not do together, or undefined. */
export function whyNoSignIn(config: SignInOptions): string | undefined {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_CLIENT_SECRET_FILE } = config;
  if ((OIDC_ISSUER === undefined) !== (OIDC_CLIENT_ID === undefined))
    return 'POMONA_OIDC_ISSUER and POMONA_OIDC_CLIENT_ID go together: give both, or neither.';
  if (OIDC_CLIENT_SECRET !== undefined && OIDC_CLIENT_SECRET_FILE !== undefined)
    return 'Give POMONA_OIDC_CLIENT_SECRET or POMONA_OIDC_CLIENT_SECRET_FILE, not both: there is one secret.';
  if (OIDC_ISSUER === undefined && (OIDC_CLIENT_SECRET ?? OIDC_CLIENT_SECRET_FILE) !== undefined)
    return 'POMONA_OIDC_CLIENT_SECRET needs POMONA_OIDC_ISSUER, whose secret it is.';
  if (OIDC_ISSUER === undefined && config.OIDC_REQUIRED_IN_SETUP)
    return 'POMONA_OIDC_REQUIRED_IN_SETUP needs POMONA_OIDC_ISSUER: without a provider nobody could sign in, and no device could be set up.';
  return undefined;
}

/** An issuer (OpenID Connect Core section 2): https, and http only where nobody can listen. Throws what would be right. */
export function issuer(value: string): string | undefined {
  if (value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(hostOf(url)));
  if (!safe || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new Error('a URL that starts with https:// (http:// for one on this machine), without ? or #');
  return value;
}

/** Scopes separated by white space. Without `openid` no provider tells who signed in. */
export function scopes(value: string): string {
  const list = value.split(/\s+/).filter((one) => one !== '');
  if (!list.includes('openid')) throw new Error('scopes separated by spaces, `openid` among them');
  return list.join(' ');
}

/** Domains separated by commas, in small letters. */
export function domains(value: string): readonly string[] {
  const list = value
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
  if (!list.every((one) => /^(?=.{1,253}$)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*$/u.test(one)))
    throw new Error('domains separated by commas, as in example.org,example.com (no @)');
  return list;
}

/** What a person's account has to say: a claim and its value, or one of its values. */
export interface RequiredClaim {
  readonly name: string;
  readonly value: string;
}

/** `name=value`. */
export function requiredClaim(value: string): RequiredClaim | undefined {
  if (value === '') return undefined;
  const [, name, wanted] = /^([^=\s]+)=(.+)$/s.exec(value) ?? [];
  if (name === undefined || wanted === undefined)
    throw new Error('a claim and its value, as in groups=device-owners');
  return { name, value: wanted };
}

/** The name of a claim in an ID token. Throws in words. */
export function claimName(value: string): string {
  if (!/^\S{1,128}$/.test(value)) throw new Error('the name of a claim, as in email or preferred_username');
  return value;
}

/** An IPv6 address without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
