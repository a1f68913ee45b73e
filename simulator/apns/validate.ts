/**
 * What APNs checks before it takes a push, in the order in which it is checked here. Reasons and statuses are those of
 * Apple's "Handling notification responses from APNs".
 */
export interface Refusal {
  status: number;
  reason: string;
}

/** A request as it came in. */
export interface ApnsRequest {
  method: string;
  path: string;
  /** Names and values, in turn, before anything joined duplicates. */
  rawHeaders: readonly string[];
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What the fake knows besides the request. */
export interface Knowledge {
  /** The user id of the client certificate; undefined when none was presented. */
  certificateTopic: string | undefined;
  /** The topic the token was registered for; undefined when it is not known, which is fine. */
  tokenTopic: string | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PATH_PREFIX = '/3/device/';
const MAX_PAYLOAD = 4096;

const refusal = (status: number, reason: string): Refusal => ({ status, reason });

type Check = (request: ApnsRequest, knowledge: Knowledge) => Refusal | undefined;

const CHECKS: readonly Check[] = [
  ({ method }) => (method === 'POST' ? undefined : refusal(405, 'MethodNotAllowed')),
  ({ path }) => (path.startsWith(PATH_PREFIX) ? undefined : refusal(404, 'BadPath')),
  ({ path }) => (tokenOf(path) === '' ? refusal(400, 'MissingDeviceToken') : undefined),
  ({ path }) => (/^[0-9a-f]+$/.test(tokenOf(path)) ? undefined : refusal(400, 'BadDeviceToken')),
  ({ rawHeaders }) => (hasDuplicates(rawHeaders) ? refusal(400, 'DuplicateHeaders') : undefined),
  ({ headers }) => matches(headers['apns-id'], UUID, 'BadMessageId'),
  ({ headers }) => matches(headers['apns-expiration'], /^\d+$/, 'BadExpirationDate'),
  ({ headers }) => matches(headers['apns-priority'], /^(1|5|10)$/, 'BadPriority'),
  ({ headers }) => (headers['apns-push-type'] === 'mdm' ? undefined : refusal(400, 'InvalidPushType')),
  checkTopic,
  ({ body }) => (Buffer.byteLength(body) > MAX_PAYLOAD ? refusal(413, 'PayloadTooLarge') : undefined),
  ({ body }) => (magicOf(body) ? undefined : refusal(400, 'PayloadEmpty')),
];

/** The first thing that is wrong with a request; undefined when APNs would take it. */
export function validate(request: ApnsRequest, knowledge: Knowledge): Refusal | undefined {
  for (const check of CHECKS) {
    const found = check(request, knowledge);
    if (found) return found;
  }
  return undefined;
}

export const tokenOf = (path: string): string =>
  path.startsWith(PATH_PREFIX) ? path.slice(PATH_PREFIX.length) : '';

/** The PushMagic of a payload that is an MDM push and nothing else; empty otherwise. */
export function magicOf(body: string): string {
  try {
    const payload: unknown = JSON.parse(body);
    if (typeof payload !== 'object' || payload === null || Object.keys(payload).length !== 1) return '';
    return 'mdm' in payload && typeof payload.mdm === 'string' ? payload.mdm : '';
  } catch {
    return '';
  }
}

function checkTopic({ headers }: ApnsRequest, known: Knowledge): Refusal | undefined {
  const topic = headers['apns-topic'];
  if (!topic) return refusal(400, 'MissingTopic');
  if (!topic.startsWith('com.apple.mgmt.')) return refusal(400, 'BadTopic');
  if (known.certificateTopic !== undefined && topic !== known.certificateTopic) {
    return refusal(400, 'TopicDisallowed');
  }
  if (known.tokenTopic !== undefined && topic !== known.tokenTopic) {
    return refusal(400, 'DeviceTokenNotForTopic');
  }
  return undefined;
}

/** A header that may be missing, but not wrong. */
function matches(value: string | undefined, pattern: RegExp, reason: string): Refusal | undefined {
  return value === undefined || pattern.test(value) ? undefined : refusal(400, reason);
}

function hasDuplicates(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).filter((name) => name.startsWith('apns-'));
  return new Set(names).size !== names.length;
}
