/** A secret that a browser keeps while its user is at the provider. */
interface Cookie {
  readonly name: string;
  readonly seconds: number;
}

/** What ties a sign-in to the browser it was begun in, for as long as a sign-in may take. */
export const SIGN_IN: Cookie = { name: 'pomona_sign_in', seconds: 600 };
/** The visit of Setup Assistant's web view that a sign-in is for, for as long as a visit lasts. */
export const VISIT: Cookie = { name: 'pomona_setup_visit', seconds: 1_800 };

/**
 * The cookie is sent along when the provider sends the browser back, a navigation from another site (Lax), and to the addresses
 * of the sign-in alone.
 * @param address of a sign-in page: says whether cookies have to be Secure, and where they belong
 */
export function keep({ name, seconds }: Cookie, secret: string, address: string): string {
  return `${name}=${secret}; Max-Age=${seconds}; ${attributes(address)}`;
}

/** A Set-Cookie that makes the browser drop it. */
export function forget({ name }: Cookie, address: string): string {
  return `${name}=; Max-Age=0; ${attributes(address)}`;
}

/** The secret in a Cookie header; undefined when there is none. */
export function secretIn({ name }: Cookie, header: string | undefined): string | undefined {
  const found = new RegExp(`(?:^|;)\\s*${name}=([\\w-]{43})(?:;|$)`).exec(header ?? '');
  return found?.[1];
}

function attributes(address: string): string {
  const { pathname, protocol } = new URL(address);
  const path = pathname.slice(0, pathname.lastIndexOf('/'));
  return `Path=${path}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;
}
