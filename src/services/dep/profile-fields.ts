import type { DepProfileFields } from '../../apple/dep/index.js';
import { PomonaError } from '../../errors.js';

/** Apple's fields that people choose; name and address are ours. */
export type SetupFields = Omit<DepProfileFields, 'profileName' | 'url'>;

const TEXTS = {
  department: 125,
  supportPhoneNumber: 50,
  supportEmailAddress: 250,
  orgMagic: 250,
} as const;
const MOST_CERTIFICATES = 20;

/** The fields as they are kept, without those that are left out. Throws INVALID, naming the field (Apple: Profile). */
export function checkFields(fields: SetupFields): SetupFields {
  for (const [name, most] of Object.entries(TEXTS) as [keyof typeof TEXTS, number][])
    checkText(name, fields[name], most);
  if (fields.language !== undefined && !/^[a-z]{2,3}$/.test(fields.language))
    throw invalid('language', 'language is a code of ISO 639 such as en or haw.');
  if (fields.region !== undefined && !/^[A-Z]{2}$/.test(fields.region))
    throw invalid('region', 'region is a code of ISO 3166-1 such as US.');
  if (fields.isMdmRemovable === false && fields.isSupervised === false)
    throw invalid('isMdmRemovable', 'Only a supervised device can be kept from removing management.');
  checkWebUrl(fields.configurationWebUrl);
  checkItems(fields.skipSetupItems);
  checkCertificates('anchorCerts', fields.anchorCerts);
  checkCertificates('supervisingHostCerts', fields.supervisingHostCerts);
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as SetupFields;
}

function checkText(name: string, value: string | undefined, most: number): void {
  if (value !== undefined && (value.trim() === '' || value.length > most))
    throw invalid(name, `${name} has 1 to ${most} characters.`);
}

function checkWebUrl(url: string | undefined): void {
  if (url === undefined || (URL.canParse(url) && new URL(url).protocol === 'https:')) return;
  throw invalid('configurationWebUrl', 'configurationWebUrl is an https address.');
}

/** Names of panes; newer ones than we know may be skipped, too. */
function checkItems(items: readonly string[] | undefined): void {
  const wrong = items?.find((item) => !/^[A-Za-z]{1,64}$/.test(item));
  if (wrong !== undefined)
    throw invalid('skipSetupItems', `"${wrong.slice(0, 64)}" is no name of a pane, such as AppleID or Siri.`);
  if ((items?.length ?? 0) > 100) throw invalid('skipSetupItems', 'At most 100 panes can be skipped.');
}

function checkCertificates(name: string, list: readonly string[] | undefined): void {
  if ((list?.length ?? 0) > MOST_CERTIFICATES)
    throw invalid(name, `${name} has at most ${MOST_CERTIFICATES} certificates.`);
  const wrong = list?.some((one) => one.length > 16_384 || !/^[A-Za-z0-9+/]+={0,2}$/.test(one)) ?? false;
  if (wrong) throw invalid(name, `${name} has certificates in DER, each as base64 without line ends.`);
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: ['fields', field] });
}
