import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const graphqlMain = createRequire(import.meta.url).resolve('graphql');

export default defineConfig({
  // type-graphql loads graphql's CommonJS build; our sources must load the same one or the types come from two realms.
  resolve: { alias: [{ find: /^graphql$/, replacement: graphqlMain }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['reflect-metadata'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
