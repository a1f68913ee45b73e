/** An OpenID provider for tests and the demo, with real signed tokens. */
export { FakeProvider, type FakeProviderOptions, type IdClaims, type Misconduct } from './fake-provider.js';
export { newSigningKey, signedToken, unsignedToken, type SigningKey } from './jwt.js';
