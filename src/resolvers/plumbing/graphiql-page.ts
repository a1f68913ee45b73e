/** One tab of the explorer when it is opened for the first time. */
export interface ExampleTab {
  readonly query: string;
  readonly variables?: string;
}

export interface PageOptions {
  /** Address of the assets, without a slash at its end. */
  readonly base: string;
  /** Address of GraphQL, for HTTP and sockets. */
  readonly endpoint: string;
  readonly examples: readonly ExampleTab[];
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** The page: no script of its own inside, so that the policy can forbid inline scripts. */
export function pageHtml({ base, endpoint, examples }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Pomona GraphQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${attribute(base)}/graphiql.css" />
    <link rel="stylesheet" href="${attribute(base)}/page.css" />
  </head>
  <body>
    <form id="login">
      <label for="token">API token</label>
      <input id="token" type="password" autocomplete="off" spellcheck="false" placeholder="kept for this tab only" />
      <button type="submit">Use</button>
    </form>
    <div id="graphiql" data-endpoint="${attribute(endpoint)}" data-examples="${attribute(JSON.stringify(examples))}"></div>
    <script src="${attribute(base)}/react.js"></script>
    <script src="${attribute(base)}/react-dom.js"></script>
    <script src="${attribute(base)}/graphiql.js"></script>
    <script src="${attribute(base)}/page.js"></script>
  </body>
</html>
`;
}

export const PAGE_CSS = `html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; font: 14px system-ui, sans-serif; }
#login { display: flex; gap: 8px; align-items: center; padding: 6px 12px; border-bottom: 1px solid #d8dbe0; }
#token { flex: 0 1 28rem; padding: 4px 6px; }
#graphiql { flex: 1; min-height: 0; }
`;

/**
 * Runs in the browser. The token goes into the Authorization header and, since GraphiQL hands the same
 * headers to its socket client as connectionParams, into connection_init. Headers typed in the Headers tab
 * win.
 */
export const PAGE_JS = `'use strict';
(function () {
  const place = document.getElementById('graphiql');
  const input = document.getElementById('token');
  const KEY = 'pomona.token';
  const address = new URL(place.dataset.endpoint, location.href);
  const socketAddress = new URL(address);
  socketAddress.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const examples = JSON.parse(place.dataset.examples);
  const root = ReactDOM.createRoot(place);

  function fetcherWith(token) {
    const fetcher = GraphiQL.createFetcher({ url: address.href, subscriptionUrl: socketAddress.href });
    const authorization = token ? { Authorization: 'Bearer ' + token } : {};
    return function (request, options) {
      const headers = Object.assign({}, authorization, options && options.headers);
      return fetcher(request, Object.assign({}, options, { headers: headers }));
    };
  }

  function show(token) {
    root.render(
      React.createElement(GraphiQL, {
        key: token,
        fetcher: fetcherWith(token),
        defaultTabs: examples.length > 0 ? examples : undefined,
        shouldPersistHeaders: false,
      }),
    );
  }

  document.getElementById('login').addEventListener('submit', function (event) {
    event.preventDefault();
    sessionStorage.setItem(KEY, input.value.trim());
    show(input.value.trim());
  });
  input.value = sessionStorage.getItem(KEY) || '';
  show(input.value);
})();
`;
