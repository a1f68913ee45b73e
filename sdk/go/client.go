// Package pomona is a client of Pomona, an open Apple device-management (MDM) server: REST, GraphQL and live events.
// It needs nothing but the standard library.
package pomona

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Options of a client. The zero value takes the server and the token from the environment.
type Options struct {
	// URL of the server, such as https://mdm.example.org; POMONA_URL when empty.
	URL string
	// Token is an API token; POMONA_TOKEN when empty.
	Token string
	// Timeout to wait for an answer to begin, and for each piece of it; 30 s when 0. Contexts end requests as a whole.
	Timeout time.Duration
	// Retries says how often a GET is tried again, and nothing else ever is: 3 when 0, never when negative.
	Retries int
	// TLS says how to check an https server; the system's authorities when nil.
	TLS *tls.Config
	// HTTPClient is used in place of a client of this package's own. TLS is its matter then; its Timeout must be 0, or
	// events end with it.
	HTTPClient *http.Client
}

// Client speaks to one server with one API token. It may be used by several goroutines.
type Client struct {
	Devices      *Devices
	Profiles     *Profiles
	Workflows    *Workflows
	Applications *Applications

	base    string
	token   string
	timeout time.Duration
	silence time.Duration
	retries int
	http    *http.Client
}

// The server says something on an event stream at least every 12 s, if only a comment.
const silence = 45 * time.Second

// New makes a client. It fails for a URL that is none, and when the URL or the token is missing.
func New(options Options) (*Client, error) {
	base, err := given("URL", options.URL, "POMONA_URL")
	if err != nil {
		return nil, err
	}
	token, err := given("token", options.Token, "POMONA_TOKEN")
	if err != nil {
		return nil, err
	}
	parsed, err := url.Parse(base)
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" {
		return nil, fmt.Errorf("pomona: the URL must be like https://mdm.example.org; this is %q", base)
	}
	c := &Client{
		base:    strings.TrimRight(base, "/"),
		token:   token,
		timeout: options.Timeout,
		silence: silence,
		retries: options.Retries,
		http:    httpClient(options),
	}
	if c.timeout == 0 {
		c.timeout = 30 * time.Second
	}
	if c.retries == 0 {
		c.retries = 3
	}
	c.Devices = &Devices{Collection[Device]{c, "devices", func(d Device) string { return d.UUID }}}
	c.Profiles = &Profiles{Collection[Profile]{c, "profiles", func(p Profile) string { return p.UUID }}}
	c.Workflows = &Workflows{Collection[Workflow]{c, "workflows", func(w Workflow) string { return w.UUID }}}
	c.Applications = &Applications{Collection[Application]{c, "applications", func(a Application) string { return a.UUID }}}
	return c, nil
}

// String names the server, and keeps the token to itself.
func (c *Client) String() string { return "pomona at " + c.base }

// GoString does so for %#v.
func (c *Client) GoString() string { return c.String() }

func httpClient(options Options) *http.Client {
	made := &http.Client{}
	if options.HTTPClient != nil {
		*made = *options.HTTPClient
	} else if shared, ok := http.DefaultTransport.(*http.Transport); ok {
		transport := shared.Clone()
		if options.TLS != nil {
			transport.TLSClientConfig = options.TLS
		}
		made.Transport = transport
	}
	// A redirect would turn a POST into a GET; the address is to be mended instead.
	made.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return made
}

func given(what, value, variable string) (string, error) {
	if value == "" {
		value = os.Getenv(variable)
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return "", fmt.Errorf("pomona: give the %s of the server, or set %s", what, variable)
	}
	for _, char := range value {
		if char <= ' ' || char > '~' {
			return "", fmt.Errorf("pomona: the %s has characters that no %s has", what, what)
		}
	}
	return value, nil
}
