import { OPTIONS } from './config/index.js';

/** The page of all options, made from where they are declared. */
export function configurationPage(): string {
  const rows = Object.entries(OPTIONS).map(
    ([name, option]) => `| \`POMONA_${name}\` | ${shown(option.fallback)} | ${option.help} |`,
  );
  return `# Configuration

Every option is an environment variable, a flag (\`--data-dir=/var/lib/pomona\`) or a key of the JSON file that \`--config\` or
\`POMONA_CONFIG\` names (\`{"data_dir": "/var/lib/pomona"}\`). Flags win over the environment, the environment over the file. An unknown
\`POMONA_…\` name or a bad value stops the start. This page is generated from \`src/config\`; a test keeps it so.

| option | default | what it does |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function shown(fallback: unknown): string {
  return typeof fallback === 'string' && fallback !== ''
    ? `\`${fallback}\``
    : typeof fallback === 'number' || typeof fallback === 'boolean'
      ? `\`${fallback}\``
      : 'none';
}
