import { registerEnumType } from 'type-graphql';
import { Entity, Index } from 'typeorm';
import { InstantColumn, TextColumn, UuidKey } from './columns.js';

/** How a device is enrolled by the account of its user (Apple: onboarding users with account-driven enrollment). */
export enum AccountDrivenMode {
  BYOD = 'BYOD',
  ADDE = 'ADDE',
}
registerEnumType(AccountDrivenMode, {
  name: 'AccountDrivenMode',
  description: 'How a device is enrolled by the account of its user.',
  valuesConfig: {
    BYOD: {
      description:
        "User Enrollment, for people's own devices: what is managed is kept apart from what is theirs.",
    },
    ADDE: { description: "Device enrolment, for the organization's devices." },
  },
});

/** What a sign-in is for. SETUP: the web view of Setup Assistant, before it hands out the enrolment profile. */
export type SignInPurpose = AccountDrivenMode | 'SETUP';

/**
 * One sign-in at the OpenID provider, from the redirect to the access token that came of it. Any process may answer the
 * callback. There is no secret here: what is secret is with the browser or the device, and only hashes of it are kept.
 */
@Entity('sign_ins')
export class SignIn {
  @UuidKey()
  uuid: string;

  /** What it is for, and the only thing its token is good for. */
  @TextColumn('purpose', 16)
  purpose: SignInPurpose;

  /** SETUP: SHA-256 of the token of the visit it is for, the key of `enrollment_sessions`. */
  @TextColumn('session_sha256', 64, { nullable: true })
  sessionSha256: string | null;

  /** SHA-256 of the `state` that was sent along, hexadecimal. */
  @Index('IDX_sign_ins_state', { unique: true })
  @TextColumn('state_sha256', 64)
  stateSha256: string;

  /** SHA-256 of the cookie of the browser it was begun in. */
  @TextColumn('browser_sha256', 64)
  browserSha256: string;

  @InstantColumn('created_at')
  createdAt: Date;

  /** Until when the provider may send the browser back. */
  @Index('IDX_sign_ins_expires_at')
  @InstantColumn('expires_at')
  expiresAt: Date;

  /** When it did: a state is good for one answer. */
  @InstantColumn('answered_at', { nullable: true })
  answeredAt: Date | null;

  /** Who signed in, as the provider calls them: unique with the issuer. */
  @TextColumn('issuer', 512, { nullable: true })
  issuer: string | null;

  @TextColumn('subject', 255, { nullable: true })
  subject: string | null;

  /** What people call them: an address or a user name. */
  @TextColumn('user_name', 255, { nullable: true })
  userName: string | null;

  /** BYOD and ADDE: the account that the device is enrolled with. */
  @TextColumn('managed_apple_id', 255, { nullable: true })
  managedAppleId: string | null;

  /** SHA-256 of the access token that the device is given. */
  @Index('IDX_sign_ins_token', { unique: true })
  @TextColumn('token_sha256', 64, { nullable: true })
  tokenSha256: string | null;

  @InstantColumn('token_expires_at', { nullable: true })
  tokenExpiresAt: Date | null;

  @InstantColumn('token_used_at', { nullable: true })
  tokenUsedAt: Date | null;
}
