package pomona

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// Event is one result of a subscription.
type Event struct {
	// Data of the execution result: {"deploymentProgress": {…}}.
	Data json.RawMessage
	// Cursor: give it back as After to be told what follows; empty when the document does not select it.
	Cursor string
	// Resync: events after the cursor were left out (you were away too long, or read too slowly): read anew what you show.
	Resync bool
}

// Decode reads the event's data into out.
func (e Event) Decode(out any) error { return decode(e.Data, out) }

// SubscribeOptions of a subscription. The zero value tells what happens from now on.
type SubscribeOptions struct {
	// After is a cursor: tell what happened since.
	After string
	// Attempts: give up after so many connections in a row that brought nothing; 10 when 0.
	Attempts int
}

var declaresAfter = regexp.MustCompile(`\$after\s*:`)

// Subscribe hands each event to f until ctx ends (its error), f returns an error (that, or nil for Stop), or something cannot
// be mended.
//
// It comes back after the last event when the connection is lost or the server stops. For that the document declares
// `$after: String`, gives it to the field, and selects `cursor`. A document that does not is read until the server completes it
// (nil), or the connection is lost (CodeNetwork).
func (c *Client) Subscribe(ctx context.Context, document string, variables Variables, options SubscribeOptions, f func(Event) error) error {
	s := &subscription{client: c, document: document, variables: Variables{}, tell: f, cursor: options.After}
	for name, value := range variables {
		s.variables[name] = value
	}
	if err := s.prepare(ctx); err != nil {
		return err
	}
	attempts := options.Attempts
	if attempts == 0 {
		attempts = 10
	}
	return s.follow(ctx, attempts)
}

type subscription struct {
	client    *Client
	document  string
	variables Variables
	tell      func(Event) error
	cursor    string
	resumable bool
	failures  int
}

// errComplete: the server has said that nothing follows.
var errComplete = errors.New("pomona: the subscription is complete")

// told is what the caller's function returned, so that it is not mistaken for a failure of the connection.
type told struct{ error }

// prepare finds where to begin. Without a cursor, what happens while the first connection is lost would be missed.
func (s *subscription) prepare(ctx context.Context) error {
	s.resumable = declaresAfter.MatchString(s.document)
	if !s.resumable {
		if s.cursor != "" {
			return errors.New("pomona: to start after a cursor, the document must declare $after: String")
		}
		return nil
	}
	if given, ok := s.variables["after"].(string); ok && s.cursor == "" {
		s.cursor = given
	}
	if s.cursor != "" {
		return nil
	}
	var now struct {
		Server struct {
			EventCursor string `json:"eventCursor"`
		} `json:"server"`
	}
	err := s.client.Query(ctx, "{ server { eventCursor } }", nil, &now)
	s.cursor = now.Server.EventCursor
	return err
}

// follow connects, and connects again.
func (s *subscription) follow(ctx context.Context, attempts int) error {
	for {
		err := s.connect(ctx)
		var own told
		if errors.As(err, &own) {
			return unlessStop(own.error)
		}
		if errors.Is(err, errComplete) {
			if !s.resumable {
				return nil
			}
			// What happens on a server has no end: it says `complete` when it stops, and will be back.
			err = broken(errors.New("the server ended the subscription, as it does when it stops"), "")
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.failures++
		var failure *Error
		if !errors.As(err, &failure) || !mayPass(failure) || !s.resumable || s.failures >= attempts {
			return err
		}
		wait := backoff(s.failures - 1)
		if failure.RetryAfter != nil {
			wait = *failure.RetryAfter
		}
		if !sleep(ctx, wait) {
			return ctx.Err()
		}
	}
}

// mayPass tells failures that the next connection may not meet.
func mayPass(e *Error) bool {
	return e.Code == CodeNetwork || e.Code == "UNAVAILABLE" || e.Code == "RATE_LIMITED" || passing(e.Status)
}

// connect tells the events of one connection, and why it ended.
func (s *subscription) connect(ctx context.Context) error {
	if s.resumable {
		s.variables["after"] = s.cursor
	}
	response, failure := s.client.send(ctx, request{
		method:  http.MethodPost,
		target:  "/graphql/stream",
		body:    operation(s.document, s.variables),
		accept:  "text/event-stream",
		timeout: s.client.silence,
	})
	if failure != nil {
		return failure
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		return badAnswer("the answer is no event stream but "+kind, answeredBy(response), nil)
	}
	stream := readMessages(response.Body)
	for {
		message, err := stream.next()
		if errors.Is(err, io.EOF) {
			err = errors.New("the connection ended before the subscription did")
		}
		if err != nil {
			return broken(err, response.Header.Get("X-Request-Id"))
		}
		if err := s.receive(message); err != nil {
			return err
		}
	}
}

func (s *subscription) receive(message message) error {
	if message.event == "complete" {
		return errComplete
	}
	if message.event != "next" {
		return nil
	}
	event, err := readEvent(message.data)
	if err != nil {
		return err
	}
	s.failures = 0
	if event.Cursor != "" {
		s.cursor = event.Cursor
	}
	if err := s.tell(event); err != nil {
		return told{err}
	}
	return nil
}

func readEvent(text string) (Event, error) {
	var executed result
	if err := json.Unmarshal([]byte(text), &executed); err != nil {
		return Event{}, badAnswer("an event is not JSON", answered{}, err)
	}
	data, err := executed.data(answered{})
	if err != nil {
		return Event{}, err
	}
	var fields map[string]struct {
		Cursor string `json:"cursor"`
		Resync bool   `json:"resync"`
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return Event{}, badAnswer("an event is not what a subscription tells", answered{}, err)
	}
	event := Event{Data: data}
	for _, field := range fields {
		event.Cursor, event.Resync = field.Cursor, field.Resync
	}
	return event, nil
}
