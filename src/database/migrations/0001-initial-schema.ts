import type { Dialect } from '../dialect.js';
import { createTable, type Migration, type Step, type TableSpec } from './migration.js';

const uuid = 'varchar(36) NOT NULL';
const uuidOrNull = 'varchar(36) NULL';
const instant = 'bigint NOT NULL';
const instantOrNull = 'bigint NULL';
const text = (length: number): string => `varchar(${length}) NOT NULL`;
const textOrNull = (length: number): string => `varchar(${length}) NULL`;

const DEVICES: TableSpec[] = [
  {
    name: 'devices',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      udid: textOrNull(255),
      enrollment_id: textOrNull(255),
      serial_number: textOrNull(255),
      name: textOrNull(255),
      model: textOrNull(255),
      model_name: textOrNull(255),
      product_name: textOrNull(255),
      platform: textOrNull(16),
      os_version: textOrNull(64),
      build_version: textOrNull(64),
      imei: textOrNull(64),
      meid: textOrNull(64),
      topic: textOrNull(255),
      enrollment_status: text(16),
      enrollment_kind: text(24),
      supervised: 'FLAG NULL',
      awaiting_configuration: 'FLAG NOT NULL',
      awaiting_until: instantOrNull,
      enrolled_at: instantOrNull,
      unenrolled_at: instantOrNull,
      reenrollment_allowed_until: instantOrNull,
      renewal_until: instantOrNull,
      workflow_uuid: uuidOrNull,
      created_at: instant,
      updated_at: instant,
    },
    uniques: { IDX_devices_udid: ['udid'], IDX_devices_enrollment_id: ['enrollment_id'] },
    indexes: {
      IDX_devices_serial_number: ['serial_number'],
      IDX_devices_awaiting_until: ['awaiting_until'],
      IDX_devices_workflow: ['workflow_uuid'],
    },
  },
  {
    name: 'device_contacts',
    columns: { device_uuid: `${uuid} PRIMARY KEY`, last_seen_at: instant },
    indexes: { IDX_device_contacts_last_seen: ['last_seen_at'] },
  },
  {
    name: 'channels',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      device_uuid: uuid,
      kind: text(16),
      enrollment_key: text(512),
      user_id: textOrNull(255),
      user_short_name: textOrNull(255),
      user_long_name: textOrNull(255),
      enabled: 'FLAG NOT NULL',
      push_topic: textOrNull(255),
      push_token: textOrNull(512),
      push_magic: textOrNull(255),
      token_updated_at: instantOrNull,
      token_retired: 'FLAG NOT NULL',
      tally: 'int NOT NULL',
      repush_at: instantOrNull,
      repush_count: 'int NOT NULL',
      created_at: instant,
    },
    uniques: { IDX_channels_enrollment_key: ['enrollment_key'] },
    indexes: { IDX_channels_device: ['device_uuid'], IDX_channels_repush_at: ['repush_at'] },
  },
  {
    name: 'identities',
    columns: {
      sha256: `${text(64)} PRIMARY KEY`,
      device_uuid: uuid,
      status: text(16),
      subject: text(1024),
      serial: text(128),
      not_before: instant,
      not_after: instant,
      bound_at: instant,
      archived_at: instantOrNull,
    },
    indexes: { IDX_identities_device: ['device_uuid'] },
  },
  {
    name: 'device_secrets',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      device_uuid: uuid,
      kind: text(32),
      ciphertext: 'longblob NOT NULL',
      updated_at: instant,
    },
    uniques: { IDX_device_secrets_device_kind: ['device_uuid', 'kind'] },
  },
  {
    name: 'device_inventory',
    columns: {
      device_uuid: uuid,
      kind: text(32),
      as_of: instant,
      item_count: 'int NOT NULL',
      content: 'longblob NOT NULL',
    },
    primaryKey: ['device_uuid', 'kind'],
  },
];

const CATALOG: TableSpec[] = [
  {
    name: 'profiles',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      payload_identifier: text(255),
      display_name: textOrNull(255),
      description: textOrNull(1024),
      organization: textOrNull(255),
      payload_types: 'longtext NOT NULL',
      signed: 'FLAG NOT NULL',
      size: 'int NOT NULL',
      sha256: text(64),
      revision: 'int NOT NULL',
      current_revision_uuid: uuid,
      created_at: instant,
      updated_at: instant,
    },
    uniques: { IDX_profiles_payload_identifier: ['payload_identifier'] },
  },
  {
    name: 'profile_revisions',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      profile_uuid: uuid,
      revision: 'int NOT NULL',
      payload_uuid: text(255),
      content: 'longblob NOT NULL',
      sha256: text(64),
      created_at: instant,
    },
    uniques: { IDX_profile_revisions_number: ['profile_uuid', 'revision'] },
  },
  {
    name: 'applications',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      name: text(255),
      manifest_url: textOrNull(700),
      itunes_store_id: 'bigint NULL',
      bundle_identifier: textOrNull(255),
      revision: 'int NOT NULL',
      created_at: instant,
      updated_at: instant,
    },
    uniques: {
      IDX_applications_name: ['name'],
      IDX_applications_manifest_url: ['manifest_url'],
      IDX_applications_itunes_store_id: ['itunes_store_id'],
    },
  },
  {
    name: 'workflows',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      name: text(255),
      description: textOrNull(1024),
      revision: 'int NOT NULL',
      created_at: instant,
      updated_at: instant,
    },
    uniques: { IDX_workflows_name: ['name'] },
  },
  {
    name: 'workflow_profiles',
    columns: { workflow_uuid: uuid, position: 'int NOT NULL', profile_uuid: uuid },
    primaryKey: ['workflow_uuid', 'position'],
    indexes: { IDX_workflow_profiles_profile: ['profile_uuid'] },
  },
  {
    name: 'workflow_applications',
    columns: { workflow_uuid: uuid, position: 'int NOT NULL', application_uuid: uuid },
    primaryKey: ['workflow_uuid', 'position'],
    indexes: { IDX_workflow_applications_application: ['application_uuid'] },
  },
  {
    name: 'workflow_includes',
    columns: { workflow_uuid: uuid, position: 'int NOT NULL', included_uuid: uuid },
    primaryKey: ['workflow_uuid', 'position'],
    indexes: { IDX_workflow_includes_included: ['included_uuid'] },
  },
  { name: 'catalog_state', columns: { id: 'int NOT NULL PRIMARY KEY', revision: 'bigint NOT NULL' } },
];

const WORK: TableSpec[] = [
  {
    name: 'deployments',
    columns: {
      device_uuid: `${uuid} PRIMARY KEY`,
      workflow_uuid: uuidOrNull,
      status: text(16),
      converged_at: instantOrNull,
      changed_at: instant,
      dirty: 'FLAG NOT NULL',
    },
    indexes: {
      IDX_deployments_workflow_status: ['workflow_uuid', 'status'],
      IDX_deployments_dirty: ['dirty', 'device_uuid'],
    },
  },
  {
    name: 'deployment_items',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      device_uuid: uuid,
      kind: text(16),
      subject_uuid: uuid,
      identifier: textOrNull(255),
      position: 'int NOT NULL',
      wanted_revision: uuidOrNull,
      known_revision: uuidOrNull,
      status: text(16),
      command_uuid: uuidOrNull,
      reason: textOrNull(1024),
      corrections: 'int NOT NULL',
      changed_at: instant,
    },
    uniques: { IDX_deployment_items_subject: ['device_uuid', 'kind', 'subject_uuid'] },
    indexes: {
      IDX_deployment_items_by_subject: ['subject_uuid', 'status'],
      IDX_deployment_items_command: ['command_uuid'],
    },
  },
  {
    name: 'commands',
    columns: {
      seq: 'SEQUENCE',
      uuid,
      device_uuid: uuid,
      channel_uuid: uuid,
      queue_channel_uuid: uuidOrNull,
      queue_expires_at: instantOrNull,
      request_type: text(64),
      status: text(16),
      queue_rank: 'int NOT NULL',
      source: text(16),
      body_uuid: uuid,
      dedupe_key: textOrNull(128),
      item_uuid: uuidOrNull,
      queued_at: instant,
      not_before: instantOrNull,
      expires_at: instantOrNull,
      sent_at: instantOrNull,
      delivery_count: 'int NOT NULL',
      answered_at: instantOrNull,
      not_now_count: 'int NOT NULL',
      errors: 'longtext NULL',
      report: 'longblob NULL',
      report_size: 'bigint NULL',
    },
    uniques: { IDX_commands_uuid: ['uuid'], IDX_commands_dedupe: ['queue_channel_uuid', 'dedupe_key'] },
    indexes: {
      IDX_commands_queue: ['queue_channel_uuid', 'queue_rank', 'seq'],
      IDX_commands_device: ['device_uuid', 'seq'],
      IDX_commands_expiry: ['queue_expires_at'],
      IDX_commands_finished: ['answered_at'],
      IDX_commands_body: ['body_uuid'],
    },
  },
  {
    name: 'command_bodies',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      request_type: text(64),
      sha256: text(64),
      fragment: 'longblob NOT NULL',
      used_at: instant,
    },
    uniques: { IDX_command_bodies_sha256: ['sha256'] },
    indexes: { IDX_command_bodies_used_at: ['used_at'] },
  },
  {
    name: 'unreadable_reports',
    columns: {
      seq: 'SEQUENCE',
      device_uuid: uuidOrNull,
      reason: text(1024),
      report: 'longblob NOT NULL',
      received_at: instant,
    },
  },
  {
    name: 'pushes',
    columns: {
      seq: 'SEQUENCE',
      uuid,
      device_uuid: uuid,
      channel_uuid: uuid,
      owed_channel_uuid: uuidOrNull,
      apns_id: uuidOrNull,
      status: text(16),
      reason: textOrNull(512),
      http_status: 'int NULL',
      attempts: 'int NOT NULL',
      queued_at: instant,
      due_at: instantOrNull,
      settled_at: instantOrNull,
    },
    uniques: { IDX_pushes_uuid: ['uuid'], IDX_pushes_owed: ['owed_channel_uuid'] },
    indexes: {
      IDX_pushes_due: ['due_at'],
      IDX_pushes_device: ['device_uuid', 'seq'],
      IDX_pushes_settled: ['settled_at'],
    },
  },
  {
    name: 'events',
    columns: {
      seq: 'SEQUENCE',
      type: text(48),
      device_uuid: uuidOrNull,
      subject_uuid: uuidOrNull,
      data: 'longtext NOT NULL',
      created_at: instant,
    },
    indexes: { IDX_events_device: ['device_uuid', 'seq'], IDX_events_created: ['created_at'] },
  },
  {
    name: 'api_tokens',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      name: text(255),
      role: text(16),
      sha256: text(64),
      created_at: instant,
      expires_at: instantOrNull,
      revoked_at: instantOrNull,
      last_used_at: instantOrNull,
    },
    uniques: { IDX_api_tokens_sha256: ['sha256'] },
  },
];

const seedCatalogState: Step = async (runner) => {
  const rows = await runner.query('SELECT id FROM catalog_state WHERE id = 1');
  if (rows.length === 0) await runner.query('INSERT INTO catalog_state (id, revision) VALUES (1, 1)');
};

/** Everything Pomona 0.1 keeps. */
export const initialSchema: Migration = {
  name: '0001-initial-schema',
  steps: (dialect: Dialect) => [
    ...[...DEVICES, ...CATALOG, ...WORK].flatMap((table) => createTable(dialect, table)),
    seedCatalogState,
  ],
};
