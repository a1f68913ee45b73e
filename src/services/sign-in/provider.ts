import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
  type ClientAuth,
} from 'openid-client';
import type { Clock } from '../../clock.js';
import { PomonaError } from '../../errors.js';
import type { Logger } from '../../log.js';

/** The provider where people sign in, and who we are there. */
export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: string | undefined;
  /** Separated by spaces, `openid` among them. */
  readonly scopes: string;
}

/** What the provider says of a person: the claims of the ID token, completed by those of the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

/** What ties an answer of the provider to what it was asked. */
export interface Proofs {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What the provider says of itself is read again after this long: keys and addresses move. */
const KNOWN_MS = 60 * 60_000;
/** A provider that did not answer is left alone for so long, however many people ask. */
const QUIET_MS = 10_000;
const TIMEOUT_SECONDS = 10;
const CLOCK_SECONDS = 60;

/**
 * An OpenID provider, by the authorization code flow with PKCE (OpenID Connect Core section 3.1, RFC 7636, RFC 9207). Nothing
 * of an answer is believed that its own signature does not cover.
 */
export class OpenIdProvider {
  #known: { readonly configuration: Configuration; readonly at: number } | undefined;
  #asking: Promise<Configuration> | undefined;
  #silentSince: number | undefined;

  constructor(
    private readonly options: ProviderOptions,
    private readonly log: Logger,
    private readonly now: Clock,
  ) {}

  /** Where the browser goes to sign in. Throws UPSTREAM_REFUSED while the provider cannot be reached. */
  async authorizationUrl(redirectUri: string, proofs: Proofs, loginHint: string | undefined): Promise<URL> {
    const configuration = await this.#configuration();
    return buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.options.scopes,
      state: proofs.state,
      nonce: proofs.nonce,
      code_challenge: await calculatePKCECodeChallenge(proofs.codeVerifier),
      code_challenge_method: 'S256',
      ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    });
  }

  /**
   * Who signed in. Throws FORBIDDEN when the provider says no or its answer does not hold (issuer, audience, signature,
   * nonce, time), UPSTREAM_REFUSED when it cannot be reached.
   * @param answer the address that the provider sent the browser to, as the provider knows it
   * @param wanted claims that are asked for at the userinfo endpoint when the ID token has them not
   */
  async claims(answer: URL, proofs: Proofs, wanted: readonly string[]): Promise<Claims> {
    const configuration = await this.#configuration();
    try {
      const tokens = await authorizationCodeGrant(configuration, answer, {
        expectedState: proofs.state,
        expectedNonce: proofs.nonce,
        pkceCodeVerifier: proofs.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new TypeError('The answer has no ID token.');
      const complete = wanted.every((name) => claims[name] !== undefined);
      if (complete || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
      return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      throw this.#told(error, 'A sign-in failed at the OpenID provider');
    }
  }

  /** What the provider says of itself. One request at a time, whoever asks; what was known before serves while it is silent. */
  async #configuration(): Promise<Configuration> {
    if (this.#known !== undefined && this.now() - this.#known.at < KNOWN_MS) return this.#known.configuration;
    const silent = this.#silentSince !== undefined && this.now() - this.#silentSince < QUIET_MS;
    if (silent) return this.#known?.configuration ?? throwUnreachable();
    this.#asking ??= this.#discover().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    try {
      const found = await discovery(new URL(issuer), clientId, undefined, None(), {
        execute: insecure,
        timeout: TIMEOUT_SECONDS,
      });
      const metadata = found.serverMetadata();
      mustBeIssuer(metadata.issuer, issuer);
      const auth = authOf(clientSecret, metadata.token_endpoint_auth_methods_supported);
      const configuration = new Configuration(metadata, clientId, { [clockTolerance]: CLOCK_SECONDS }, auth);
      configuration.timeout = TIMEOUT_SECONDS;
      for (const execute of [...insecure, enableNonRepudiationChecks]) execute(configuration);
      this.#known = { configuration, at: this.now() };
      this.#silentSince = undefined;
      return configuration;
    } catch (error) {
      this.#silentSince = this.now();
      const told = this.#told(error, 'The OpenID provider cannot be read (POMONA_OIDC_ISSUER)');
      if (this.#known !== undefined) return this.#known.configuration;
      throw told.code === 'UPSTREAM_REFUSED' ? told : unreachable();
    }
  }

  /** Only codes are logged: what comes with these errors may hold tokens. */
  #told(error: unknown, what: string): PomonaError {
    const { code, cause, message } = error as {
      code?: unknown;
      cause?: { code?: unknown };
      message?: unknown;
    };
    const reason = error instanceof ResponseBodyError ? error.error : (cause?.code ?? code ?? message);
    this.log.warn({ issuer: this.options.issuer, reason: String(reason).slice(0, 200) }, what);
    if (error instanceof AuthorizationResponseError) return declined(error);
    if (error instanceof WWWAuthenticateChallengeError) return unbelievable();
    if (error instanceof ResponseBodyError && error.status < 500) return unbelievable();
    if (error instanceof ClientError && isAboutTheAnswer(error)) return unbelievable();
    return unreachable();
  }
}

/** The library lets the providers of many organizations stand for any of them; here it is one organization's accounts that enrol. */
function mustBeIssuer(said: string, expected: string): void {
  if (new URL(said).href === new URL(expected).href) return;
  throw new TypeError(`The provider calls itself ${said}: that is what POMONA_OIDC_ISSUER has to be.`);
}

/** Post is what every provider understands in the same way; Basic is the default of the standard. */
function authOf(secret: string | undefined, methods: readonly string[] | undefined): ClientAuth {
  if (secret === undefined) return None();
  return methods?.includes('client_secret_post') === true
    ? ClientSecretPost(secret)
    : ClientSecretBasic(secret);
}

/** All that the library complains of but what is the network's fault. */
function isAboutTheAnswer({ code }: ClientError): boolean {
  return !['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'].includes(code ?? '');
}

function declined({ error, error_description: description }: AuthorizationResponseError): PomonaError {
  const said = (description ?? error).slice(0, 200);
  return new PomonaError('FORBIDDEN', `You were not signed in. What the provider says: ${said}`);
}

function unbelievable(): PomonaError {
  return new PomonaError(
    'FORBIDDEN',
    'You were not signed in: the answer of the provider could not be verified.',
  );
}

function unreachable(): PomonaError {
  return new PomonaError(
    'UPSTREAM_REFUSED',
    'The provider where you sign in cannot be reached now. Nothing is lost: try again in a minute.',
  );
}

function throwUnreachable(): never {
  throw unreachable();
}
