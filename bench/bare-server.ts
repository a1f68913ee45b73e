import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import mysql, { type RowDataPacket } from 'mysql2';

/*
 * What `nested-query` is measured against: the least a server can do to give the same answer. It knows the one query,
 * asks the database for its rows, one statement a kind, and writes them with JSON.stringify. No names, no permissions,
 * no limits, and no cache: every answer is read anew.
 */

type Row = Record<string, string | number | null>;
type Query = (sql: string, parameters: readonly unknown[]) => Promise<Row[]>;

function open(database: string): Query {
  if (database.startsWith('mysql:')) {
    const pool = mysql.createPool({ uri: database, connectionLimit: 10 });
    return (sql, parameters) =>
      new Promise((resolve, reject) => {
        pool.execute<RowDataPacket[]>(sql, [...parameters] as string[], (error, rows) =>
          error === null ? resolve(rows as Row[]) : reject(error),
        );
      });
  }
  const sqlite = new DatabaseSync(database, { readOnly: true });
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return async (sql, parameters) => {
    const statement = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...(parameters as string[])) as Row[];
  };
}

const list = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
const uuidsOf = (rows: readonly Row[]): string[] => [...new Set(rows.map((row) => String(row['uuid'])))];

async function answer(query: Query): Promise<string> {
  const devices = await query(
    `SELECT uuid, serial_number, name, workflow_uuid FROM devices ORDER BY created_at, uuid LIMIT 50`,
    [],
  );
  const given = [...new Set(devices.map((device) => device['workflow_uuid']))];
  const top = await query(
    `SELECT uuid, name, description, revision FROM workflows WHERE uuid IN (${list(given)})`,
    given,
  );
  const middle = await included(query, uuidsOf(top));
  const bottom = await included(query, uuidsOf(middle));
  const all = [...new Set([top, middle, bottom].flatMap(uuidsOf))];
  const profiles = await query(
    `SELECT m.workflow_uuid AS owner, p.uuid, p.payload_identifier, p.display_name, p.revision
       FROM workflow_profiles m JOIN profiles p ON p.uuid = m.profile_uuid
      WHERE m.workflow_uuid IN (${list(all)}) ORDER BY m.workflow_uuid, m.position`,
    all,
  );
  const applications = await query(
    `SELECT m.workflow_uuid AS owner, a.uuid, a.name, a.manifest_url, a.revision
       FROM workflow_applications m JOIN applications a ON a.uuid = m.application_uuid
      WHERE m.workflow_uuid IN (${list(all)}) ORDER BY m.workflow_uuid, m.position`,
    all,
  );
  return JSON.stringify({
    data: { devices: { nodes: assemble(devices, [top, middle, bottom], profiles, applications) } },
  });
}

function included(query: Query, owners: readonly string[]): Promise<Row[]> {
  return query(
    `SELECT m.workflow_uuid AS owner, w.uuid, w.name, w.description, w.revision
       FROM workflow_includes m JOIN workflows w ON w.uuid = m.included_uuid
      WHERE m.workflow_uuid IN (${list(owners)}) ORDER BY m.workflow_uuid, m.position`,
    owners,
  );
}

function assemble(
  devices: Row[],
  levels: [Row[], Row[], Row[]],
  profiles: Row[],
  applications: Row[],
): unknown[] {
  const [top, middle, bottom] = levels;
  const profilesOf = Map.groupBy(profiles, (row) => row['owner']);
  const applicationsOf = Map.groupBy(applications, (row) => row['owner']);
  const content = (workflow: Row): object => ({
    uuid: workflow['uuid'],
    name: workflow['name'],
    description: workflow['description'],
    revision: workflow['revision'],
    profiles: { nodes: (profilesOf.get(workflow['uuid'] ?? null) ?? []).map(profileOf) },
    applications: { nodes: (applicationsOf.get(workflow['uuid'] ?? null) ?? []).map(applicationOf) },
  });
  const bottomOf = Map.groupBy(bottom, (row) => row['owner']);
  const middleOf = Map.groupBy(middle, (row) => row['owner']);
  const nest = (workflow: Row): object => ({
    ...content(workflow),
    includedWorkflows: {
      nodes: (middleOf.get(workflow['uuid'] ?? null) ?? []).map((one) => ({
        ...content(one),
        includedWorkflows: { nodes: (bottomOf.get(one['uuid'] ?? null) ?? []).map(content) },
      })),
    },
  });
  const nested = new Map(top.map((workflow) => [workflow['uuid'], nest(workflow)]));
  return devices.map((device) => ({
    uuid: device['uuid'],
    serialNumber: device['serial_number'],
    name: device['name'],
    workflow: nested.get(device['workflow_uuid'] ?? null) ?? null,
  }));
}

function profileOf(row: Row): object {
  return {
    uuid: row['uuid'],
    payloadIdentifier: row['payload_identifier'],
    displayName: row['display_name'],
    revision: row['revision'],
  };
}

function applicationOf(row: Row): object {
  return {
    uuid: row['uuid'],
    name: row['name'],
    manifestUrl: row['manifest_url'],
    revision: row['revision'],
  };
}

function serve(query: Query): void {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume().once('end', () => {
      answer(query).then(
        (body) => response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  };
  const server = createServer(handle).listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.once('SIGTERM', () => process.exit(0));
}

serve(open(process.env['BARE_DATABASE'] ?? ''));
