import type { QrDrawing } from '../services/enrolment-profiles/qr-code.js';

/** What stands on a page: text, that has yet to be escaped. */
export interface PageContent {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** What is listed below them. */
  readonly points?: readonly string[];
  /** The button, and the address it leads to. */
  readonly button?: { readonly label: string; readonly href: string };
  /** A button that sends something instead, so that it stands in no address. */
  readonly form?: {
    readonly label: string;
    readonly action: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
  /** A QR code under it all: what it is, for those who cannot see it, and what it is for. */
  readonly code?: { readonly drawing: QrDrawing; readonly label: string; readonly caption: string };
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
      .button { font: inherit; border: 0; display: inline-block; margin-top: .5rem; padding: .7rem 1.4rem; border-radius: 10px; background: #0b57d0; color: #fff; text-decoration: none; }
      figure { margin: 2rem 0 0; font-size: .85rem; }
      svg { display: block; width: 12rem; height: 12rem; margin-bottom: .5rem; border-radius: 10px; background: #fff; }
      @media (prefers-color-scheme: dark) { body { color: #f5f5f7; background: #000; } main { background: #1d1d1f; } }`;

/** A page without a script and without a request to anywhere. */
export function pageHtml({ title, paragraphs, points = [], button, form, code }: PageContent): string {
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
      ${form === undefined ? '' : formHtml(form)}
      ${code === undefined ? '' : figure(code)}
    </main>
  </body>
</html>
`;
}

function formHtml({ label, action, fields }: NonNullable<PageContent['form']>): string {
  const hidden = fields.map(
    ({ name, value }) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return `<form method="post" action="${escaped(action)}">
        ${hidden.join('\n        ')}
        <button class="button">${escaped(label)}</button>
      </form>`;
}

/** Black on white also where the page is dark: readers need it so. */
function figure({ drawing: { size, path }, label, caption }: NonNullable<PageContent['code']>): string {
  return `<figure>
        <svg role="img" aria-label="${escaped(label)}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${path}"/></svg>
        <figcaption>${escaped(caption)}</figcaption>
      </figure>`;
}
