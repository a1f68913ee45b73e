/** What stands on a page: text, that has yet to be escaped. */
export interface PageContent {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** What is listed below them. */
  readonly points?: readonly string[];
  /** The button, and the address it leads to. */
  readonly button?: { readonly label: string; readonly href: string };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

const STYLE = `
      body { margin: 0; font: 17px/1.5 system-ui, sans-serif; color: #1d1d1f; background: #f5f5f7; }
      main { max-width: 34rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: 12px; }
      h1 { margin-top: 0; font-size: 1.5rem; line-height: 1.25; }
      a.button { display: inline-block; margin-top: .5rem; padding: .7rem 1.4rem; border-radius: 10px; background: #0b57d0; color: #fff; text-decoration: none; }
      @media (prefers-color-scheme: dark) { body { color: #f5f5f7; background: #000; } main { background: #1d1d1f; } }`;

/** A page without a script and without a request to anywhere. */
export function pageHtml({ title, paragraphs, points = [], button }: PageContent): string {
  const list =
    points.length === 0 ? '' : `<ul>${points.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`;
  const link =
    button === undefined
      ? ''
      : `<p><a class="button" href="${escaped(button.href)}">${escaped(button.label)}</a></p>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${escaped(title)}</title>
    <link rel="icon" href="data:,">
    <style>${STYLE}
    </style>
  </head>
  <body>
    <main>
      <h1>${escaped(title)}</h1>
      ${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('\n      ')}
      ${list}
      ${link}
    </main>
  </body>
</html>
`;
}
