package pomona

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// longestWait: a server that wants to be left alone for longer is not waited for.
const longestWait = time.Minute

// passing tells statuses after which the same request may succeed.
func passing(status int) bool {
	return status == 429 || status == 502 || status == 503 || status == 504
}

// get GETs, again when the server is away or busy for a moment. The answer's status is 2xx.
func (c *Client) get(ctx context.Context, target string) (*http.Response, error) {
	for attempt := 0; ; attempt++ {
		response, err := c.send(ctx, request{method: http.MethodGet, target: target})
		if err == nil {
			return response, nil
		}
		wait := backoff(attempt)
		if err.RetryAfter != nil {
			wait = *err.RetryAfter
		}
		again := err.Code == CodeNetwork || passing(err.Status)
		if !again || attempt >= c.retries || wait > longestWait {
			return nil, err
		}
		if !sleep(ctx, wait) {
			return nil, broken(ctx.Err(), err.RequestID)
		}
	}
}

func (c *Client) getJSON(ctx context.Context, target string, out any) error {
	response, err := c.get(ctx, target)
	if err != nil {
		return err
	}
	return readJSON(response, out)
}

// sendJSON sends once. out may be nil.
func (c *Client) sendJSON(ctx context.Context, method, target string, body, out any) error {
	response, err := c.send(ctx, request{method: method, target: target, body: body})
	if err != nil {
		return err
	}
	return readJSON(response, out)
}

type request struct {
	method  string
	target  string
	body    any
	accept  string
	timeout time.Duration
}

// send sends once, and fails unless the status is 2xx. The caller closes the body.
func (c *Client) send(ctx context.Context, r request) (*http.Response, *Error) {
	if r.timeout == 0 {
		r.timeout = c.timeout
	}
	ctx, cancel := context.WithCancel(ctx)
	dog := &watchdog{cancel: cancel, patience: r.timeout}
	dog.timer = time.AfterFunc(r.timeout, dog.bite)
	asked, err := c.newRequest(ctx, r)
	if err != nil {
		dog.end()
		return nil, &Error{Code: "BAD_USER_INPUT", Message: err.Error(), cause: err}
	}
	response, err := c.http.Do(asked)
	if err != nil {
		dog.end()
		return nil, broken(dog.explain(err), "")
	}
	response.Body = &watched{response.Body, dog}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, broken(err, response.Header.Get("X-Request-Id"))
	}
	return nil, errorOf(body, answeredBy(response))
}

func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	asked, err := http.NewRequestWithContext(ctx, r.method, c.base+r.target, body)
	if err != nil {
		return nil, err
	}
	asked.Header.Set("Authorization", "Bearer "+c.token)
	asked.Header.Set("Accept", "application/json")
	if r.accept != "" {
		asked.Header.Set("Accept", r.accept)
	}
	if r.body != nil {
		asked.Header.Set("Content-Type", "application/json")
	}
	return asked, nil
}

func readJSON(response *http.Response, out any) error {
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return broken(err, response.Header.Get("X-Request-Id"))
	}
	if out == nil || len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return badAnswer("the answer is not the JSON it should be; is this the address of a Pomona?", answeredBy(response), err)
	}
	return nil
}

func answeredBy(response *http.Response) answered {
	header := response.Header
	return answered{response.StatusCode, header.Get("X-Request-Id"), retryAfter(header.Get("Retry-After"))}
}

// retryAfter reads a number of seconds or a date (RFC 9110 section 10.2.3); nil when it is neither.
func retryAfter(text string) *time.Duration {
	text = strings.TrimSpace(text)
	if count, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait := time.Duration(count) * time.Second
		return &wait
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return nil
	}
	wait := time.Until(at)
	if wait < 0 {
		wait = 0
	}
	return &wait
}

// backoff is half a second, doubled with each attempt up to 30 s, less as much as a half by chance.
func backoff(attempt int) time.Duration {
	longest := 30 * time.Second
	if attempt < 6 {
		longest = 500 * time.Millisecond << attempt
	}
	return time.Duration((0.5 + rand.Float64()/2) * float64(longest))
}

// sleep tells whether the time went by before the context ended.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// watchdog ends a request when nothing was heard for as long as its patience lasts.
type watchdog struct {
	cancel   context.CancelFunc
	patience time.Duration
	timer    *time.Timer
	bitten   atomic.Bool
}

func (w *watchdog) bite() {
	w.bitten.Store(true)
	w.cancel()
}

func (w *watchdog) end() {
	w.timer.Stop()
	w.cancel()
}

// explain tells the end that the watchdog brought from one that the caller's context did.
func (w *watchdog) explain(err error) error {
	if w.bitten.Load() {
		return fmt.Errorf("nothing was heard for %s", w.patience)
	}
	return err
}

// watched is a body whose reader is not kept waiting for ever.
type watched struct {
	body io.ReadCloser
	dog  *watchdog
}

func (w *watched) Read(into []byte) (int, error) {
	w.dog.timer.Reset(w.dog.patience)
	n, err := w.body.Read(into)
	w.dog.timer.Stop()
	if err != nil && err != io.EOF {
		err = w.dog.explain(err)
	}
	return n, err
}

func (w *watched) Close() error {
	w.dog.end()
	return w.body.Close()
}
