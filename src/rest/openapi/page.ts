/** The page that shows the document. `base`: its own address, which its files are below. */
export function pageHtml(base: string, document: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Pomona REST</title>
    <link rel="stylesheet" href="${base}/swagger-ui.css">
  </head>
  <body>
    <div id="page" data-document="${document}"></div>
    <noscript>This page needs JavaScript. The document itself: <a href="${document}">openapi.json</a></noscript>
    <script src="${base}/swagger-ui-bundle.js"></script>
    <script src="${base}/page.js"></script>
  </body>
</html>
`;
}

/**
 * Shows the document, with the host that the page came from in place of the server it names: requests can go nowhere else.
 * Without a validator, or the library would send the document to its makers.
 */
export const PAGE_JS = `const { document: address } = document.getElementById('page').dataset;
fetch(address)
  .then((answer) => answer.json())
  .then((spec) => {
    SwaggerUIBundle({
      domNode: document.getElementById('page'),
      spec: { ...spec, servers: [{ url: location.origin }] },
      deepLinking: true,
      validatorUrl: null,
      persistAuthorization: false,
      presets: [SwaggerUIBundle.presets.apis],
    });
  });
`;
