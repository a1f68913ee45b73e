const MOST_REDIRECTS = 10;

/** Where a browser ended: a page, or an address that is for an app. */
export interface Landing {
  /** Of the page; of the redirect, when the address is for an app. */
  readonly status: number;
  readonly url: URL;
  readonly body: string;
  readonly headers: Headers;
}

interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/**
 * What a web view does by itself: follows redirects and keeps cookies where they belong (RFC 6265 section 5.4). Nobody sits in
 * front of it.
 */
export class Browser {
  /** Every address it went to, oldest first. */
  readonly visited: URL[] = [];
  #cookies: Cookie[] = [];

  /** Goes on until there is a page, or an address of another scheme than http. @param headers of the first request alone */
  async open(address: string | URL, headers: Readonly<Record<string, string>> = {}): Promise<Landing> {
    let url = new URL(address);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      const answer = await this.visit(url, hop === 0 ? headers : {});
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) return answer;
      url = new URL(location, url);
      if (!url.protocol.startsWith('http')) return { ...answer, url };
    }
    throw new Error(`More than ${MOST_REDIRECTS} redirects from ${String(address)}`);
  }

  /** One request, redirects not followed. */
  async visit(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Landing> {
    this.visited.push(url);
    const cookie = this.#cookiesFor(url);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(url, line);
    return { status: answer.status, url, body: await answer.text(), headers: answer.headers };
  }

  #cookiesFor({ hostname, pathname }: URL): string {
    return this.#cookies
      .filter(({ host, path }) => host === hostname && `${pathname}/`.startsWith(path.replace(/\/?$/, '/')))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep({ hostname }: URL, line: string): void {
    const [first = '', ...rest] = line.split(/;\s*/);
    const [name = '', value = ''] = first.split('=');
    const attribute = (wanted: string): string | undefined =>
      rest.map((one) => one.split('=')).find(([key]) => key?.toLowerCase() === wanted)?.[1];
    const path = attribute('path') ?? '/';
    this.#cookies = this.#cookies.filter(
      (one) => one.host !== hostname || one.name !== name || one.path !== path,
    );
    if (Number(attribute('max-age') ?? 1) > 0) this.#cookies.push({ host: hostname, path, name, value });
  }
}
