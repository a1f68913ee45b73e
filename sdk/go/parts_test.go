package pomona

// What needs no Pomona: parsing, retrying, coming back.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

const ticks = "subscription ($after: String) { tick(after: $after) { cursor resync } }"

func tick(cursor string) string {
	return fmt.Sprintf("event: next\ndata: {\"data\":{\"tick\":{\"cursor\":%q,\"resync\":%t}}}\n\n", cursor, cursor == "c3")
}

// asked is a request as it came.
type asked struct {
	method, path, accept, authorization string
	body                                struct {
		Variables map[string]any `json:"variables"`
	}
}

// scripted answers each request with the next reply, and keeps what was asked.
type scripted struct {
	*httptest.Server
	mutex sync.Mutex
	asked []asked
}

func script(t *testing.T, replies ...http.HandlerFunc) *scripted {
	t.Helper()
	s := &scripted{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one := asked{method: r.Method, path: r.URL.EscapedPath(), accept: r.Header.Get("Accept"), authorization: r.Header.Get("Authorization")}
		if body, _ := io.ReadAll(r.Body); len(body) > 0 {
			if err := json.Unmarshal(body, &one.body); err != nil {
				t.Error(err)
			}
		}
		s.mutex.Lock()
		count := len(s.asked)
		s.asked = append(s.asked, one)
		s.mutex.Unlock()
		if count >= len(replies) {
			t.Errorf("asked %d times, for %s", count+1, one.path)
			return
		}
		replies[count](w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *scripted) client(t *testing.T) *Client {
	t.Helper()
	client, err := New(Options{URL: s.URL, Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func reply(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for at := 0; at < len(headers); at += 2 {
			w.Header().Set(headers[at], headers[at+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func stream(text string) http.HandlerFunc {
	return reply(200, text, "Content-Type", "text/event-stream; charset=utf-8")
}

var busy = reply(503, `{"error":"Later.","code":"UNAVAILABLE","request_id":"r1"}`, "Retry-After", "0")

func mustFail(t *testing.T, err error, code string) *Error {
	t.Helper()
	var told *Error
	if !errors.As(err, &told) || told.Code != code {
		t.Fatalf("%v is no %s", err, code)
	}
	return told
}

func equal(t *testing.T, is, wanted any) {
	t.Helper()
	if !reflect.DeepEqual(is, wanted) {
		t.Fatalf("%v is not %v", is, wanted)
	}
}

func TestMessagesHoweverTheyAreCut(t *testing.T) {
	text := ":\n\nevent: next\ndata: {\"a\":\"é\"}\ndata:b\nid: 7\n\nevent: complete\n\ndata: x\n\ndata: broken off"
	wanted := []message{{"next", "{\"a\":\"é\"}\nb"}, {"complete", ""}, {"", "x"}}
	for _, end := range []string{"\n", "\r\n", "\r"} {
		cut := "\ufeff" + strings.ReplaceAll(text, "\n", end)
		stream := readMessages(iotest.OneByteReader(strings.NewReader(cut)))
		var read []message
		for {
			one, err := stream.next()
			if err != nil {
				equal(t, err, io.EOF)
				break
			}
			read = append(read, one)
		}
		equal(t, read, wanted)
	}
}

func TestGetsAreTriedAgainAfterAsLongAsTheServerSays(t *testing.T) {
	later := reply(503, `{"error":"Later.","code":"UNAVAILABLE"}`, "Retry-After", "1")
	server := script(t, later, reply(200, `[{"uuid":"u1","udid":null,"new":1}]`))
	began := time.Now()
	devices, err := server.client(t).Devices.List(context.Background(), Page{})
	if err != nil || len(devices) != 1 || devices[0].UUID != "u1" || time.Since(began) < time.Second {
		t.Fatal(devices, err, time.Since(began))
	}
	equal(t, server.asked[1], asked{method: "GET", path: "/management/v1/devices", accept: "application/json", authorization: "Bearer t"})
}

func TestGetsAreGivenUp(t *testing.T) {
	server := script(t, busy, busy, busy, busy)
	_, err := server.client(t).Devices.Get(context.Background(), "../u")
	equal(t, mustFail(t, err, "UNAVAILABLE").RequestID, "r1")
	equal(t, len(server.asked), 4)
	equal(t, server.asked[0].path, "/management/v1/devices/..%2Fu")

	tomorrow := script(t, reply(429, `{"error":"Later.","code":"RATE_LIMITED"}`, "Retry-After", "86400"))
	_, err = tomorrow.client(t).Devices.Get(context.Background(), "u")
	equal(t, *mustFail(t, err, "RATE_LIMITED").RetryAfter, 24*time.Hour)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	soon := script(t, reply(503, "", "Retry-After", "30"))
	if _, err = soon.client(t).Devices.Get(ctx, "u"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestNothingButAGetIsTriedAgain(t *testing.T) {
	ctx := context.Background()
	for name, act := range map[string]func(*Client) error{
		"query":  func(c *Client) error { return c.Query(ctx, "{ viewer { name } }", nil, nil) },
		"push":   func(c *Client) error { _, err := c.Devices.Push(ctx, "u"); return err },
		"assign": func(c *Client) error { return c.Devices.Assign(ctx, "u", "") },
		"delete": func(c *Client) error { return c.Profiles.Delete(ctx, "u") },
	} {
		t.Run(name, func(t *testing.T) {
			mustFail(t, act(script(t, busy).client(t)), "UNAVAILABLE")
		})
	}
}

func TestWhatIsNoAnswerOfPomonas(t *testing.T) {
	ctx := context.Background()
	for _, answer := range []http.HandlerFunc{
		reply(302, "", "Location", "https://example.org/"), reply(200, "<html>"), reply(404, "<html>"), reply(200, `{"a":1}`),
	} {
		_, err := script(t, answer).client(t).Devices.List(ctx, Page{})
		mustFail(t, err, CodeBadAnswer)
	}
	client, err := New(Options{URL: "http://127.0.0.1:1", Token: "t", Retries: -1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Devices.Get(ctx, "u")
	mustFail(t, err, CodeNetwork)
}

func TestAListThatBreaksOffIsAnError(t *testing.T) {
	whole := func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `[{"uuid":"u1"},`) }
	cut := func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `[{"uuid":"u1"},`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	for _, answer := range []http.HandlerFunc{whole, cut} {
		seen := 0
		err := script(t, answer).client(t).Devices.Each(context.Background(), Page{}, func(Device) error { seen++; return nil })
		mustFail(t, err, CodeNetwork)
		equal(t, seen, 1)
	}
}

func TestAnAnswerThatDoesNotComeTimesOut(t *testing.T) {
	release := make(chan struct{})
	server := script(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `[{"uuid":"u1"},`)
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	client := server.client(t)
	client.timeout = 100 * time.Millisecond
	err := client.Devices.Each(context.Background(), Page{}, func(Device) error { return nil })
	if told := mustFail(t, err, CodeNetwork); errors.Is(told, context.Canceled) || !strings.Contains(told.Message, "100ms") {
		t.Fatal(told)
	}
}

func TestALostSubscriptionIsResumedAfterTheLastCursor(t *testing.T) {
	now := reply(200, `{"data":{"server":{"eventCursor":"c0"}}}`)
	stops := stream(tick("c3") + "event: complete\ndata:\n\n")
	server := script(t, now, stream(":\n\n"+tick("c1")+tick("c2")+tick("c3")[:20]), busy, stops, stream(tick("c4")))
	var told []string
	err := server.client(t).Subscribe(context.Background(), ticks, nil, SubscribeOptions{}, func(e Event) error {
		told = append(told, fmt.Sprint(e.Cursor, " ", e.Resync))
		if e.Cursor == "c4" {
			return fmt.Errorf("enough: %w", Stop)
		}
		return nil
	})
	equal(t, err, nil)
	equal(t, told, []string{"c1 false", "c2 false", "c3 true", "c4 false"})
	var after []any
	for _, one := range server.asked[1:] {
		equal(t, []string{one.path, one.accept}, []string{"/graphql/stream", "text/event-stream"})
		after = append(after, one.body.Variables["after"])
	}
	equal(t, after, []any{"c0", "c2", "c2", "c3"})
}

func TestASubscriptionEndsWithWhatCannotBeMended(t *testing.T) {
	ctx := context.Background()
	from := SubscribeOptions{After: "c0", Attempts: 3}
	nothing := func(Event) error { return nil }
	refused := stream("event: next\ndata: {\"errors\":[{\"message\":\"No.\",\"path\":[\"tick\"],\"extensions\":{\"code\":\"FORBIDDEN\",\"requestId\":\"r3\"}}]}\n\nevent: complete\n\n")
	told := mustFail(t, script(t, refused).client(t).Subscribe(ctx, ticks, nil, from, nothing), "FORBIDDEN")
	equal(t, []any{told.RequestID, told.Path}, []any{"r3", []any{"tick"}})

	mustFail(t, script(t, busy, busy, busy).client(t).Subscribe(ctx, ticks, nil, from, nothing), "UNAVAILABLE")

	plain := "subscription { tick { cursor } }"
	mustFail(t, script(t, stream(tick("c1"))).client(t).Subscribe(ctx, plain, nil, SubscribeOptions{}, nothing), CodeNetwork)
	complete := script(t, stream(tick("c1")+"event: complete\n\n")).client(t)
	equal(t, complete.Subscribe(ctx, plain, nil, SubscribeOptions{}, nothing), nil)
	if err := script(t).client(t).Subscribe(ctx, plain, nil, from, nothing); err == nil {
		t.Fatal("after needs $after")
	}
	own := errors.New("mine")
	equal(t, script(t, stream(tick("c1"))).client(t).Subscribe(ctx, ticks, nil, from, func(Event) error { return own }), own)
}

func TestAContextEndsASubscription(t *testing.T) {
	server := script(t, func(w http.ResponseWriter, r *http.Request) {
		stream(tick("c1"))(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(context.Background())
	err := server.client(t).Subscribe(ctx, ticks, nil, SubscribeOptions{After: "c0"}, func(Event) error { cancel(); return nil })
	equal(t, err, context.Canceled)
}

func TestHTTPSServersAreChecked(t *testing.T) {
	server := httptest.NewTLSServer(reply(200, `{"uuid":"u1"}`))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for name, config := range map[string]*tls.Config{"known": {RootCAs: roots}, "unknown": nil} {
		client, err := New(Options{URL: server.URL, Token: "t", TLS: config, Retries: -1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = client.Devices.Get(context.Background(), "u1"); (err == nil) != (name == "known") {
			t.Fatal(name, err)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Setenv("POMONA_URL", "http://a.example/mdm/")
	t.Setenv("POMONA_TOKEN", "secret")
	client, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, fmt.Sprintf("%s, %#v", client, client), "pomona at http://a.example/mdm, pomona at http://a.example/mdm")
	for _, wrong := range []Options{{URL: "ftp://a"}, {URL: "a.example"}, {Token: "t\r\nX: y"}, {Token: "tökén"}} {
		if _, err := New(wrong); err == nil || strings.Contains(err.Error(), "secret") {
			t.Fatal(wrong, err)
		}
	}
	t.Setenv("POMONA_TOKEN", "")
	if _, err := New(Options{}); err == nil || !strings.Contains(err.Error(), "POMONA_TOKEN") {
		t.Fatal(err)
	}
}
