import { createHash } from 'node:crypto';
import type { PlistDict } from '../../../src/apple/plist/index.js';
import { applicationEntry, managedEntry } from './application-entries.js';
import { baseApplications } from './base-applications.js';
import { DONE, failed, strings, type Answerer, type AnswerContext } from './outcome.js';

/** Queues the application. It is there at once, `Installing`; from the device's next connection on, `Managed`. */
export const installApplication: Answerer = (request, context) => {
  const identifier = bundleIdentifierOf(request, context);
  if (identifier === undefined) {
    return failed(['MCMDMErrorDomain', 12_024, 'Could not validate the app identifier.']);
  }
  install(identifier, request, context);
  return { extra: { Identifier: identifier, State: 'Queued' } };
};

/** macOS: says nothing about the application. */
export const installEnterpriseApplication: Answerer = (request, context) => {
  const identifier = bundleIdentifierOf(request, context) ?? enterpriseIdentifier(request);
  install(identifier, request, context);
  return DONE;
};

export const removeApplication: Answerer = (request, { device }) => {
  const identifier = String(request['Identifier']);
  if (device.applications.delete(identifier)) return DONE;
  return failed(['MCMDMErrorDomain', 12_029, `The app “${identifier}” is not managed.`]);
};

export const installedApplicationList: Answerer = (request, { device, options, facts }) => {
  const wanted = strings(request, 'Identifiers');
  const items = strings(request, 'Items');
  const base = request['ManagedAppsOnly'] === true ? [] : baseApplications(options);
  const listed = [...base, ...device.applications.values()].filter(
    (application) => wanted === undefined || wanted.includes(application.identifier),
  );
  return {
    extra: {
      InstalledApplicationList: listed.map((application) =>
        only(applicationEntry(application, facts.platform), facts.platform === 'iOS' ? items : undefined),
      ),
    },
  };
};

export const managedApplicationList: Answerer = (request, { device, facts }) => {
  const wanted = strings(request, 'Identifiers');
  const listed = [...device.applications.values()].filter(
    (application) => wanted === undefined || wanted.includes(application.identifier),
  );
  const entries = listed.map((application) => [
    application.identifier,
    managedEntry(application, facts.platform),
  ]);
  return { extra: { ManagedApplicationList: Object.fromEntries(entries) as PlistDict } };
};

const only = (entry: PlistDict, keys: string[] | undefined): PlistDict =>
  keys === undefined
    ? entry
    : Object.fromEntries(Object.entries(entry).filter(([key]) => keys.includes(key)));

function install(identifier: string, request: PlistDict, { device }: AnswerContext): void {
  device.applications.set(identifier, {
    identifier,
    name: identifier.split('.').at(-1) ?? identifier,
    version: '1.0',
    bundleSize: 20_000_000,
    managed: true,
    hasConfiguration: request['Configuration'] !== undefined,
    installing: true,
  });
}

/** The same request leads to the same bundle identifier on every device. */
function bundleIdentifierOf(request: PlistDict, { options }: AnswerContext): string | undefined {
  const told = options.bundleIdentifier?.(request);
  if (told !== undefined) return told;
  const { Identifier: identifier, iTunesStoreID: storeId, ManifestURL: manifestUrl } = request;
  if (typeof identifier === 'string') return identifier;
  if (storeId !== undefined) return `com.example.store.id${String(storeId)}`;
  return typeof manifestUrl === 'string' ? madeUp(manifestUrl) : undefined;
}

const enterpriseIdentifier = (request: PlistDict): string =>
  madeUp(JSON.stringify(request['Manifest'] ?? ''));

const madeUp = (from: string): string =>
  `com.example.package.p${createHash('sha256').update(from).digest('hex').slice(0, 12)}`;
