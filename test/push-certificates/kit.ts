import { sign, X509Certificate } from 'node:crypto';
import type { App } from '../../src/app.js';
import { buildPlist } from '../../src/apple/plist/index.js';
import { answerPushRequest, type Issued, type IssueOptions } from '../../simulator/pki.js';
import { makeEnvelope, type EnvelopeCipher } from '../../simulator/scep/envelope.js';
import { authority, TOPIC } from '../apns/setup.js';
import type { Json } from '../support/server.js';
import { useMdm, type Mdm } from '../mdm/kit.js';
import { openssl } from '../x509/openssl.js';

export { TOPIC };
export const OTHER_TOPIC = 'com.apple.mgmt.External.0c7a5d7e-1111-4c4c-9d9d-2b2b2b2b2b2b';
export const TOKEN = 'push-certificate-admin-token';

/** A server that begins without a push certificate, simulated devices, and a fake APNs that wants mutual TLS. */
export const useServerWithoutCertificate = (
  name: 'sqlite' | 'mysql',
  more: Readonly<Record<string, string>> = {},
): Mdm => useMdm(name, { APNS_CERT_FILE: '', APNS_KEY_FILE: '', ADMIN_TOKEN: TOKEN, ...more });

/** One operation over HTTP; fails unless there is data and no error. */
export async function ask(app: App, query: string, variables: Json = {}, token = TOKEN): Promise<Json> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as Json;
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

const RECORD = `id uuid status commonName email csrPem certificatePem sha256 subject serialNumber topic notBefore notAfter
  createdAt uploadedAt endedAt appleRequest mdmcertRequest(apiKey: "my-key")`;

async function mutate(
  app: App,
  field: string,
  input: Json,
  selection = `pushCertificate { ${RECORD} }`,
): Promise<Json> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { it: ${field}(input: $input) { ${selection} userErrors { code message path } } }`;
  return (await ask(app, query, { input })).it;
}

/** Answers with the open request; throws what was refused. */
export async function request(app: App, input: Json = {}): Promise<Json> {
  const asked = { commonName: 'Orchard', email: 'admin@example.org', ...input };
  const made = await mutate(app, 'pushCertificateRequest', asked);
  if (made.userErrors.length > 0) throw new Error(JSON.stringify(made.userErrors));
  return made.pushCertificate;
}

export const tryRequest = (app: App, input: Json): Promise<Json> =>
  mutate(app, 'pushCertificateRequest', input);
export const upload = (app: App, input: Json): Promise<Json> => mutate(app, 'pushCertificateUpload', input);
export const discard = (app: App, id: string): Promise<Json> =>
  mutate(app, 'pushCertificateRequestDiscard', { id });
export const decrypt = (app: App, answer: string): Promise<Json> =>
  mutate(app, 'pushCertificateDecrypt', { answer }, `pushCertificate { id } appleRequest`);

/** What identity.apple.com/pushcert answers to a request. */
export const certificateFor = (csrPem: string, topic = TOPIC, o: Partial<IssueOptions> = {}): string =>
  answerPushRequest(authority, csrPem, topic, o);

/** Asked for, made by Apple, uploaded. Answers with the record. */
export async function renew(app: App, topic = TOPIC, force = false): Promise<Json> {
  const { csrPem } = await request(app);
  const taken = await upload(app, { certificate: certificateFor(csrPem, topic), force });
  if (taken.userErrors.length > 0) throw new Error(JSON.stringify(taken.userErrors));
  return taken.pushCertificate;
}

export const inUse = async (app: App): Promise<Json> =>
  (
    await ask(
      app,
      `{ pushCertificate { source topic subject serialNumber sha256 notBefore notAfter daysLeft record { id status } } }`,
    )
  ).pushCertificate;

/** Wakes devices; answers with the uuids of the pushes. */
export async function wake(app: App, deviceUuids: readonly string[]): Promise<string[]> {
  const results = await app.services.pushes.request(deviceUuids);
  return results.map(({ push }) => push?.uuid ?? '');
}

/** Where a request for mdmcert.download would be signed: the vendor's signature under it is anybody's here. */
export function mdmcertAnswer(
  mdmcertRequest: string,
  cipher: EnvelopeCipher = 'des3',
  csrPem?: string,
): string {
  const { csr, encrypt } = JSON.parse(mdmcertRequest) as Record<string, string>;
  const pem = csrPem ?? Buffer.from(csr!, 'base64').toString();
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const plist = buildPlist({
    PushCertRequestCSR: der.toString('base64'),
    PushCertCertificateChain: authority.certPem,
    PushCertSignature: sign('sha256', der, authority.key).toString('base64'),
  });
  const recipient = new X509Certificate(Buffer.from(encrypt!, 'base64'));
  // Lines as mail has them.
  const content = plist.toString('base64').replaceAll(/.{1,76}/g, '$&\r\n');
  return makeEnvelope(Buffer.from(content), recipient, cipher).toString('hex');
}

/** A .p12 file as OpenSSL makes it. */
export const pkcs12Of = ({ certPem, keyPem }: Issued, passphrase: string): Buffer =>
  openssl(
    [
      'pkcs12',
      '-export',
      '-in',
      '@certificate',
      '-inkey',
      '@key',
      '-passout',
      `pass:${passphrase}`,
      '-out',
      '@out',
    ],
    { certificate: certPem, key: keyPem },
  );
