// Lets plain node run the sources: their imports end in .js, and node strips types but does not look for .ts.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const own = specifier.startsWith('.') && specifier.endsWith('.js');
    return next(own ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
