import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newSigningKey, signedToken, type SigningKey } from './jwt.js';

export type IdClaims = Readonly<Record<string, unknown>>;

/** What the provider does otherwise than the standards say; tests set these. */
export interface Misconduct {
  /** Other claims in the ID token; undefined leaves one out. */
  claims?: IdClaims;
  /** Makes the ID token of its claims. */
  idToken?: (claims: IdClaims) => string;
  /** Changes what the browser is sent back with. */
  answer?: (parameters: URLSearchParams) => void;
  /** Every address answers 503. */
  down?: boolean;
  /** The token endpoint answers this instead. */
  token?: { readonly status: number; readonly body: object };
}

export interface FakeProviderOptions {
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret?: string;
}

/** A code that was given out, and what it was given out for. */
interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly person: IdClaims;
}

const MINUTES_5 = 300;

/**
 * An OpenID provider on this machine (OpenID Connect Core 1.0, authorization code flow with PKCE): real HTTP, real signatures.
 * Whoever comes to sign in is `person`, without being asked for a password.
 */
export class FakeProvider {
  /** Who signs in next; `sub` and what else is said of them. */
  person: IdClaims = { sub: 'anna', email: 'anna@example.org', email_verified: true };
  misconduct: Misconduct = {};
  readonly key: SigningKey = newSigningKey();
  /** The path of every request, oldest first. */
  readonly asked: string[] = [];
  /** What the browsers came with to `/authorize`, oldest first. */
  readonly authorizations: URLSearchParams[] = [];
  readonly #grants = new Map<string, Grant>();
  readonly #tokens = new Map<string, IdClaims>();
  readonly #server: Server;

  private constructor(private readonly options: FakeProviderOptions) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.writeHead(500).end());
    });
  }

  static async start(options: FakeProviderOptions): Promise<FakeProvider> {
    const provider = new FakeProvider(options);
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.issuer);
    this.asked.push(url.pathname);
    if (this.misconduct.down === true) return void response.writeHead(503).end();
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, this.#metadata());
      case '/jwks':
        return json(response, 200, { keys: [this.key.jwk] });
      case '/authorize':
        return this.#authorize(url.searchParams, response);
      case '/token':
        return this.#token(request, new URLSearchParams(await bodyOf(request)), response);
      case '/userinfo':
        return this.#userInfo(request, response);
      default:
        return void response.writeHead(404).end();
    }
  }

  #metadata(): object {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  #authorize(asked: URLSearchParams, response: ServerResponse): void {
    this.authorizations.push(asked);
    const redirectUri = asked.get('redirect_uri') ?? '';
    const right =
      asked.get('client_id') === this.options.clientId &&
      asked.get('response_type') === 'code' &&
      asked.get('code_challenge_method') === 'S256' &&
      (asked.get('scope') ?? '').split(' ').includes('openid');
    if (!right) return json(response, 400, { error: 'invalid_request' });
    const code = randomBytes(24).toString('base64url');
    this.#grants.set(code, {
      redirectUri,
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? undefined,
      person: this.person,
    });
    const back = new URL(redirectUri);
    const parameters = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer });
    this.misconduct.answer?.(parameters);
    back.search = parameters.toString();
    response.writeHead(302, { location: back.href }).end();
  }

  /** A code is good once, for the client and the verifier it was asked for with (RFC 7636 section 4.6). */
  #token(request: IncomingMessage, asked: URLSearchParams, response: ServerResponse): void {
    const { token } = this.misconduct;
    if (token !== undefined) return json(response, token.status, token.body);
    if (!this.#isClient(request, asked)) return json(response, 401, { error: 'invalid_client' });
    const code = asked.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant?.challenge !== challenge || grant.redirectUri !== asked.get('redirect_uri'))
      return json(response, 400, { error: 'invalid_grant' });
    const accessToken = randomBytes(24).toString('base64url');
    this.#tokens.set(accessToken, grant.person);
    const claims = { ...this.#claims(grant), ...this.misconduct.claims };
    const idToken = this.misconduct.idToken?.(claims) ?? signedToken(claims, this.key);
    json(response, 200, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 60,
      id_token: idToken,
    });
  }

  #claims({ person, nonce }: Grant): IdClaims {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: this.issuer, aud: this.options.clientId, iat: now, exp: now + MINUTES_5, nonce, ...person };
  }

  #isClient({ headers }: IncomingMessage, asked: URLSearchParams): boolean {
    const { clientId, clientSecret } = this.options;
    if (clientSecret === undefined) return asked.get('client_id') === clientId;
    const [, basic = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
    const given = Buffer.from(basic, 'base64').toString('utf8').split(':').map(formDecoded);
    return given[0] === clientId && given[1] === clientSecret;
  }

  #userInfo({ headers }: IncomingMessage, response: ServerResponse): void {
    const person = this.#tokens.get((headers.authorization ?? '').replace(/^Bearer /, ''));
    if (person === undefined) return void response.writeHead(401).end();
    json(response, 200, person);
  }
}

/** As the client's name and secret are written in the header (RFC 6749 section 2.3.1). */
const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
