import type { Clock } from '../clock.js';
import { DepAccountStatus, DepAssignmentStatus } from '../entities/dep-enums.js';
import { CommandStatus, DeploymentStatus, EnrollmentStatus } from '../entities/enums.js';
import type { Logger } from '../log.js';
import type { Census, Counted } from '../services/census.js';
import type { Services } from '../services/services.js';
import type { Instruments } from './instruments.js';

/** However many scrape, the database is asked once in this time. */
const FRESH_MS = 10_000;
const WAITING = [CommandStatus.QUEUED, CommandStatus.SENT, CommandStatus.NOT_NOW];
const ENROLLMENTS = Object.values(EnrollmentStatus);
const DEPLOYMENTS = Object.values(DeploymentStatus);
const DEP_ACCOUNTS = Object.values(DepAccountStatus);
const DEP_ASSIGNMENTS = Object.values(DepAssignmentStatus);

export interface CensusOptions {
  readonly census: Census;
  readonly services: Pick<Services, 'feed' | 'pump'>;
  readonly log: Logger;
  readonly now: Clock;
}

/** Brings the gauges that the database knows up to date: once in ten seconds at most, however many ask at once. */
export function censusGauges(instruments: Instruments, options: CensusOptions): () => Promise<void> {
  const { log, now } = options;
  let taken = -Infinity;
  let taking: Promise<void> | undefined;
  const take = async (): Promise<void> => {
    try {
      await ask(instruments, options);
      instruments.databaseUp.set(1);
    } catch (error) {
      log.warn({ err: error }, 'The database could not be asked for metrics');
      instruments.databaseUp.set(0);
      forget(instruments);
    }
    taken = now();
    taking = undefined;
  };
  return () => (now() - taken < FRESH_MS ? Promise.resolve() : (taking ??= take()));
}

async function ask(instruments: Instruments, { census, services, now }: CensusOptions): Promise<void> {
  const [counted, written, readable] = await Promise.all([
    census.take(),
    services.feed.latest(),
    services.feed.settled(),
  ]);
  const told = services.pump.position ?? readable;
  show(instruments, counted, now());
  for (const [point, position] of Object.entries({ written, readable, told }))
    instruments.events.set({ point }, position);
}

function show(instruments: Instruments, counted: Counted, now: number): void {
  const { commands, pushes, devices, deployments, dep, endingTokens } = counted;
  setEach(WAITING, commands.counts, (status, count) => instruments.commandsWaiting.set({ status }, count));
  setEach(ENROLLMENTS, devices, (enrollment, count) => instruments.devices.set({ enrollment }, count));
  setEach(DEPLOYMENTS, deployments, (status, count) => instruments.deployments.set({ status }, count));
  instruments.oldestCommand.set(ageInSeconds(commands.oldest, now));
  instruments.pushesWaiting.set(pushes.count);
  instruments.oldestPush.set(ageInSeconds(pushes.oldest, now));
  setEach(DEP_ACCOUNTS, dep.accounts, (status, count) => instruments.depAccounts.set({ status }, count));
  setEach(DEP_ASSIGNMENTS, dep.devices, (assignment, count) =>
    instruments.depDevices.set({ assignment }, count),
  );
  instruments.depSync.set(ageInSeconds(dep.oldestSync, now));
  instruments.endingTokens.set(endingTokens);
}

/** Every status, so that one without rows is 0 and not gone. */
function setEach<Status extends string>(
  statuses: readonly Status[],
  counts: ReadonlyMap<Status, number>,
  set: (status: Status, count: number) => void,
): void {
  for (const status of statuses) set(status, counts.get(status) ?? 0);
}

function ageInSeconds(since: Date | undefined, now: number): number {
  return since === undefined ? 0 : Math.max(0, now - since.getTime()) / 1_000;
}

/** What is not known is not shown: an old number would look like a good one. */
function forget(instruments: Instruments): void {
  const {
    commandsWaiting,
    oldestCommand,
    pushesWaiting,
    oldestPush,
    devices,
    deployments,
    events,
    depAccounts,
    depDevices,
    depSync,
    endingTokens,
  } = instruments;
  for (const gauge of [commandsWaiting, devices, deployments, events, depAccounts, depDevices]) gauge.reset();
  for (const gauge of [oldestCommand, pushesWaiting, oldestPush, depSync, endingTokens]) gauge.remove();
}
