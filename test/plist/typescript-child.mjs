// Lets a child process of a test run the TypeScript sources as they are: Node strips the types, this finds `x.ts` for `x.js`.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!specifier.startsWith('.') || !specifier.endsWith('.js')) return nextResolve(specifier, context);
    const source = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL);
    return nextResolve(existsSync(fileURLToPath(source)) ? source.href : specifier, context);
  },
});
