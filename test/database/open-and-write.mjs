// A process of its own that opens a database and writes to it: node open-and-write.mjs <build> <sqlite|mysql> <address> <first id>
import 'reflect-metadata';

const [built, name, address, first] = process.argv.slice(2);
const { Database } = await import(`${built}/src/database/index.js`);
process.stdout.write('opening\n');
const database =
  name === 'sqlite' ? await Database.openSqlite(address) : await Database.openMysql(address, 4);
process.stdout.write('open\n');
const writes = Array.from({ length: 20 }, (_, index) =>
  database.transaction(async (tx) => {
    const values = ['x', '{}', Number(first) + index];
    await tx.run('INSERT INTO events (type, data, created_at) VALUES (?, ?, ?)', values);
    await new Promise((resolve) => setImmediate(resolve));
  }),
);
await Promise.all(writes);
await database.close();
process.stdout.write('written\n');
