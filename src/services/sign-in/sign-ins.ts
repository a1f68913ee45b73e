import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import { admit, claimsNeeded, type AdmissionRules, type Person } from './admission.js';
import type { OpenIdProvider, Proofs } from './provider.js';
import {
  recordBegun,
  recordPerson,
  takeAnswer,
  takeToken,
  type FoundToken,
  type SignInFor,
} from './records.js';
import { secretHash } from '../secret-hash.js';

/** How long a person may take at the provider. */
const SIGN_IN_MS = 10 * 60_000;
/** The device comes back with its token at once. */
const TOKEN_MS = 10 * 60_000;

/** A sign-in that was begun: where the browser goes, and what it has to bring back. */
export interface Begun {
  readonly location: string;
  /** A secret for this browser alone. */
  readonly browser: string;
}

/** A sign-in that came to its end. */
export interface Finished extends SignInFor {
  /** The access token, which is told here and never again. */
  readonly token: string;
}

/**
 * People who sign in at the OpenID provider, and the access tokens their devices get for it. What a sign-in hangs on is with
 * the browser: PKCE's verifier and the nonce follow from its secret, so that any process may answer the callback, a database
 * that leaks signs nobody in, and an answer is good in the browser alone that asked (RFC 9700 section 4.7).
 */
export class SignIns {
  constructor(
    private readonly database: Database,
    private readonly provider: OpenIdProvider,
    private readonly rules: AdmissionRules,
    private readonly alerts: Alerts,
    private readonly callbackUrl: () => string,
    private readonly now: Clock,
  ) {}

  /** Throws UPSTREAM_REFUSED while the provider cannot be reached. */
  async begin(wanted: SignInFor, loginHint?: string): Promise<Begun> {
    const [state, browser] = [secret(), secret()];
    const location = await this.provider.authorizationUrl(
      this.callbackUrl(),
      proofsOf(state, browser),
      loginHint,
    );
    await recordBegun(this.database, {
      purpose: wanted.purpose,
      sessionSha256: wanted.sessionSha256 ?? null,
      stateSha256: secretHash(state),
      browserSha256: secretHash(browser),
      createdAt: new Date(this.now()),
      expiresAt: new Date(this.now() + SIGN_IN_MS),
    });
    return { location: location.href, browser };
  }

  /**
   * The browser is back. Returns what it signed in for, with the access token for that, once.
   * @param query what the provider sent along, `?code=…&state=…`
   * @throws PomonaError BAD_USER_INPUT for an answer that was not asked for in this browser, FORBIDDEN for a person who did
   * not sign in or may not enrol, UPSTREAM_REFUSED
   */
  async finish(query: string, browser: string | undefined): Promise<Finished> {
    const answer = new URL(query, this.callbackUrl());
    const state = answer.searchParams.get('state') ?? '';
    const begun =
      browser === undefined ? undefined : await takeAnswer(this.database, state, browser, this.now());
    if (begun === undefined || browser === undefined) throw notAsked();
    const claims = await this.provider.claims(answer, proofsOf(state, browser), claimsNeeded(this.rules));
    const person = admit(claims, this.rules, begun.purpose);
    if ('refused' in person) throw await this.#refuse(person.refused, claims.sub);
    const { purpose, sessionSha256 } = begun;
    const token = await this.#issueToken(begun.uuid, person);
    return { purpose, sessionSha256: sessionSha256 ?? undefined, token };
  }

  /** Uses an access token up, in the transaction of what it is good for. */
  redeem(tx: Transaction, token: string, wanted: SignInFor): Promise<FoundToken> {
    return takeToken(tx, token, wanted, this.now());
  }

  async #issueToken(uuid: string, person: Person): Promise<string> {
    const token = secret();
    const expiresAt = this.now() + TOKEN_MS;
    await recordPerson(this.database, uuid, person, { sha256: secretHash(token), expiresAt });
    return token;
  }

  async #refuse(reason: string, subject: string): Promise<PomonaError> {
    await this.alerts.raise('ENROLLMENT_REFUSED', null, { message: 'sign-in', claimed: subject, reason });
    return new PomonaError('FORBIDDEN', reason);
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whoever sees the addresses that the browser goes to sees the state and the nonce; the verifier is in none of them. */
function proofsOf(state: string, browser: string): Proofs {
  const derived = (what: string): string =>
    createHmac('sha256', browser).update(`${what}:${state}`).digest('base64url');
  return { state, nonce: derived('nonce'), codeVerifier: derived('verifier') };
}

function notAsked(): PomonaError {
  return new PomonaError(
    'BAD_USER_INPUT',
    'This sign-in is over, or was begun elsewhere. Begin again on the device.',
  );
}
