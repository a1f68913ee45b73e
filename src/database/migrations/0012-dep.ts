import { createTable, type Migration, type TableSpec } from './migration.js';

const uuid = 'varchar(36) NOT NULL';
const uuidOrNull = 'varchar(36) NULL';
const textOrNull = 'varchar(255) NULL';
const instant = 'bigint NOT NULL';
const instantOrNull = 'bigint NULL';

const ACCOUNTS: TableSpec = {
  name: 'dep_accounts',
  columns: {
    uuid: `${uuid} PRIMARY KEY`,
    name: 'varchar(255) NOT NULL',
    certificate: 'longtext NOT NULL',
    sealed_key: 'longblob NOT NULL',
    sealed_token: 'longblob NULL',
    consumer_key: textOrNull,
    token_expires_at: instantOrNull,
    token_uploaded_at: instantOrNull,
    server_name: textOrNull,
    server_uuid: textOrNull,
    admin_id: textOrNull,
    org_name: textOrNull,
    org_id: textOrNull,
    org_type: 'varchar(64) NULL',
    org_email: textOrNull,
    org_phone: textOrNull,
    device_limit: 'int NULL',
    phase: 'varchar(8) NOT NULL',
    list_cursor: 'varchar(1024) NOT NULL',
    generation: 'int NOT NULL',
    synced_at: instantOrNull,
    next_sync_at: instantOrNull,
    lease_holder: uuidOrNull,
    lease_until: instantOrNull,
    failure: 'varchar(32) NULL',
    failure_message: 'varchar(1024) NULL',
    failing_since: instantOrNull,
    failures: 'int NOT NULL',
    blocked: 'FLAG NOT NULL',
    revision: 'int NOT NULL',
    created_at: instant,
    updated_at: instant,
  },
  uniques: { IDX_dep_accounts_name: ['name'] },
  indexes: { IDX_dep_accounts_next_sync: ['next_sync_at'] },
};

const DEVICES: TableSpec = {
  name: 'dep_devices',
  columns: {
    device_uuid: `${uuid} PRIMARY KEY`,
    account_uuid: uuid,
    serial_number: 'varchar(255) NOT NULL',
    model: textOrNull,
    description: 'varchar(1024) NULL',
    color: textOrNull,
    asset_tag: textOrNull,
    os: 'varchar(64) NULL',
    device_family: 'varchar(64) NULL',
    profile_status: 'varchar(32) NULL',
    apple_profile_uuid: 'varchar(64) NULL',
    profile_assigned_at: instantOrNull,
    profile_pushed_at: instantOrNull,
    assigned_at: instantOrNull,
    assigned_by: textOrNull,
    migration_deadline: instantOrNull,
    op_date: instantOrNull,
    seen_generation: 'int NOT NULL',
    removed_at: instantOrNull,
    wanted_profile_uuid: uuidOrNull,
    choice: 'varchar(16) NULL',
    rule_uuid: uuidOrNull,
    given_workflow_uuid: uuidOrNull,
    judged_revision: 'int NOT NULL',
    assignment: 'varchar(24) NOT NULL',
    assign_due_at: instantOrNull,
    assign_attempts: 'int NOT NULL',
    activation_locked: 'FLAG NOT NULL',
    created_at: instant,
    updated_at: instant,
  },
  uniques: { IDX_dep_devices_serial: ['serial_number'] },
  indexes: {
    IDX_dep_devices_account: ['account_uuid', 'removed_at'],
    IDX_dep_devices_due: ['assign_due_at'],
    IDX_dep_devices_judged: ['judged_revision'],
  },
};

const OTHERS: readonly TableSpec[] = [
  {
    name: 'dep_profiles',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      name: 'varchar(125) NOT NULL',
      fields: 'longtext NOT NULL',
      enrollment_profile_uuid: uuid,
      revision: 'int NOT NULL',
      created_at: instant,
      updated_at: instant,
    },
    uniques: { IDX_dep_profiles_name: ['name'] },
    indexes: { IDX_dep_profiles_enrollment_profile: ['enrollment_profile_uuid'] },
  },
  {
    name: 'dep_definitions',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      profile_uuid: uuid,
      account_uuid: uuid,
      content: 'varchar(64) NOT NULL',
      apple_uuid: 'varchar(64) NOT NULL',
      created_at: instant,
    },
    uniques: { IDX_dep_definitions_profile: ['profile_uuid', 'account_uuid', 'content'] },
    indexes: { IDX_dep_definitions_account: ['account_uuid'] },
  },
  {
    name: 'dep_rules',
    columns: {
      uuid: `${uuid} PRIMARY KEY`,
      name: 'varchar(255) NOT NULL',
      position: 'int NOT NULL',
      account_uuid: uuidOrNull,
      patterns: 'longtext NOT NULL',
      profile_uuid: uuid,
      workflow_uuid: uuidOrNull,
      created_at: instant,
      updated_at: instant,
    },
    indexes: { IDX_dep_rules_profile: ['profile_uuid'], IDX_dep_rules_workflow: ['workflow_uuid'] },
  },
  {
    name: 'dep_state',
    columns: { slot: `${uuid} PRIMARY KEY`, revision: 'bigint NOT NULL' },
  },
];

/** Automated Device Enrollment: accounts at Apple, their devices, and what those shall have. */
export const dep: Migration = {
  name: '0012-dep',
  steps: (dialect) => [ACCOUNTS, DEVICES, ...OTHERS].flatMap((table) => createTable(dialect, table)),
};
