/** What ties a sign-in to the browser it was begun in. */
const NAME = 'pomona_sign_in';
/** As long as a sign-in may take. */
const SECONDS = 600;

/**
 * The cookie that a browser keeps while its user is at the provider: sent along when the provider sends it back, a navigation
 * from another site (Lax), and to these addresses alone.
 * @param address of the sign-in page: says whether cookies have to be Secure, and where they belong
 */
export function keep(browser: string, address: string): string {
  return `${NAME}=${browser}; Max-Age=${SECONDS}; ${attributes(address)}`;
}

export function forget(address: string): string {
  return `${NAME}=; Max-Age=0; ${attributes(address)}`;
}

/** The secret in a Cookie header; undefined when there is none. */
export function browserIn(header: string | undefined): string | undefined {
  const found = new RegExp(`(?:^|;)\\s*${NAME}=([\\w-]{43})(?:;|$)`).exec(header ?? '');
  return found?.[1];
}

function attributes(address: string): string {
  const { pathname, protocol } = new URL(address);
  const path = pathname.slice(0, pathname.lastIndexOf('/'));
  return `Path=${path}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;
}
