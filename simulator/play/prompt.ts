import type { Playground } from './apple.js';

export const HELP = [
  '  <link>                one simulated iPhone enrols by this enrolment link',
  '  devices               what the organisation bought from Apple, and how far each device is',
  '  token <certificate>   the server token for the certificate (a .pem file) of a DEP account',
  '  unbox <serial>        takes a device from its box: it enrols by the profile Apple has for it',
  '  help                  this list; Ctrl-C ends it',
] as const;

/** Does what a line says. */
export async function obey(
  playground: Playground,
  line: string,
  print: (line: string) => void,
): Promise<void> {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const argument = rest.join(' ');
  if (word === '') return;
  if (/^https?:/.test(word)) return void (await playground.enrol(word));
  if (word === 'devices') return playground.list();
  if (word === 'token' && argument !== '') return void (await playground.token(argument));
  if (word === 'unbox' && argument !== '') return void (await playground.unbox(argument));
  if (word !== 'help') print(`  "${line.trim()}" is neither a link nor one of these:`);
  for (const one of HELP) print(one);
}
