import { failed, ok, type Check } from '../check.js';

/** @param open opens what was sealed first, the key of the device authority; throws when the secret key is another */
export function secretKey(open: () => Promise<unknown>): Check {
  const run = async () => {
    try {
      await open();
      return ok('The secret key opens what was sealed with it.');
    } catch (error) {
      return failed(
        error instanceof Error ? error.message : String(error),
        'Start Pomona with the secret key this database was made with: POMONA_SECRET_KEY, or secret.key in the data directory. ' +
          'Without it sealed secrets are lost.',
      );
    }
  };
  return { name: 'secret-key', atStart: false, run };
}
