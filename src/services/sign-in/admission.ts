import type { SignInPurpose } from '../../entities/sign-in.js';
import type { Claims } from './provider.js';

/** Whose devices may be enrolled. */
export interface AdmissionRules {
  /** The claim that holds the Managed Apple Account. */
  readonly appleIdClaim: string;
  /** In small letters; none: any. */
  readonly allowedDomains: readonly string[];
  readonly requiredClaim: { readonly name: string; readonly value: string } | undefined;
}

/** A person, as they are recorded. */
export interface Person {
  readonly issuer: string;
  /** The provider's own name for them: unique with the issuer, and never given to another (OpenID Connect Core section 2). */
  readonly subject: string;
  /** What people call them. */
  readonly userName: string;
  /** Null when the device is enrolled with nobody's account. */
  readonly managedAppleId: string | null;
}

const MOST_CHARACTERS = 255;
/** `user@domain`: what Apple takes for an account (implementing the simple authentication flow, step 1). */
const ADDRESS = /^[^\s@\p{Cc}]+@([\p{L}\p{N}.-]+)$/u;

/** The claims that the rules need of a person. */
export function claimsNeeded({ appleIdClaim, requiredClaim }: AdmissionRules): string[] {
  return requiredClaim === undefined ? [appleIdClaim] : [appleIdClaim, requiredClaim.name];
}

/**
 * Who signed in, or why their device is not enrolled, in a sentence for them. Only a device that is enrolled with their account
 * needs them to have one; where domains are listed, everybody needs an address in one of them.
 */
export function admit(
  claims: Claims,
  rules: AdmissionRules,
  purpose: SignInPurpose,
): Person | { readonly refused: string } {
  const { appleIdClaim, allowedDomains, requiredClaim } = rules;
  const address = addressIn(claims, appleIdClaim);
  const needsAddress = purpose !== 'SETUP' || allowedDomains.length > 0;
  if ((needsAddress && address === undefined) || tooLong(claims.sub))
    return refused(`the provider tells no address of yours (the claim ${appleIdClaim})`);
  if (isUnverified(claims['email_verified']))
    return refused('your e-mail address has not been verified at the provider');
  if (address !== undefined && allowedDomains.length > 0 && !allowedDomains.includes(address.domain))
    return refused(`accounts of ${address.domain} do not enrol devices here`);
  if (requiredClaim !== undefined && !has(claims[requiredClaim.name], requiredClaim.value))
    return refused('your account is not among those that may');
  const userName =
    textIn(claims, 'email') ?? textIn(claims, 'preferred_username') ?? address?.text ?? claims.sub;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    userName: userName.slice(0, MOST_CHARACTERS),
    managedAppleId: purpose === 'SETUP' ? null : (address?.text ?? null),
  };
}

/** The address that a claim holds, whole and with its domain in small letters. */
function addressIn(
  claims: Claims,
  name: string,
): { readonly text: string; readonly domain: string } | undefined {
  const text = textIn(claims, name);
  const domain = ADDRESS.exec(text ?? '')?.[1]?.toLowerCase();
  return text === undefined || domain === undefined || tooLong(text) ? undefined : { text, domain };
}

function textIn(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : undefined;
}

function tooLong(text: string): boolean {
  return text.length > MOST_CHARACTERS;
}

/** Some providers write the boolean as a text. */
function isUnverified(value: unknown): boolean {
  return value === false || (typeof value === 'string' && value.toLowerCase() !== 'true');
}

function has(value: unknown, wanted: string): boolean {
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

function refused(why: string): { readonly refused: string } {
  return { refused: `You signed in, but this device cannot be enrolled: ${why}.` };
}
