import type { TestServer } from '../support/server.js';

/** A page of metrics, by sample: `name` or `name{label="value",…}` with its labels in alphabetical order. */
export type Samples = ReadonlyMap<string, number>;

export async function fetchMetrics(
  server: TestServer,
  path = '/metrics',
  token: string | null = server.token,
): Promise<Response> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(server.url + path, { headers });
}

export async function scrape(server: TestServer): Promise<Samples> {
  const response = await fetchMetrics(server);
  if (response.status !== 200) throw new Error(await response.text());
  return samplesIn(await response.text());
}

export function samplesIn(page: string): Samples {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map(readSample));
}

function readSample(line: string): [string, number] {
  const [, name = '', labels, value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === '') throw new Error(`This is no sample: ${line}`);
  const sorted = [...(labels ?? '').matchAll(/\w+="(?:[^"\\]|\\.)*"/g)].map(([one]) => one).sort();
  return [sorted.length === 0 ? name : `${name}{${sorted.join(',')}}`, Number(value)];
}
