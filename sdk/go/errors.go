package pomona

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Codes of failures that no server told.
const (
	// CodeNetwork: no answer: refused, broken off, or not in time. Whether the server did what was asked is not known.
	CodeNetwork = "NETWORK"
	// CodeBadAnswer: an answer that is not what a Pomona says: a proxy's page, a redirect, broken JSON.
	CodeBadAnswer = "BAD_ANSWER"
)

// Error is everything that the server refuses, and every failure to reach it. Switch on Code; Message is for people.
type Error struct {
	// Code is the server's word (NOT_FOUND, IN_USE, …), CodeNetwork or CodeBadAnswer.
	Code string
	// Message says what was wrong and what would be right.
	Message string
	// RequestID stands in the server's log; quote it when the failure is the server's.
	RequestID string
	// Status of HTTP; 0 without an answer.
	Status int
	// Path to the field of the answer that failed (GraphQL), or to the offending input.
	Path []any
	// Details are facts for programs, such as {"workflows": ["Office"]}.
	Details map[string]any
	// RetryAfter is how long to wait before trying again; nil when the server did not say.
	RetryAfter *time.Duration
	// Errors are all GraphQL errors or user errors, as the server sent them; the first is this one.
	Errors json.RawMessage
	// Data is what GraphQL answered beside the errors.
	Data json.RawMessage

	cause error
}

func (e *Error) Error() string { return "pomona: " + e.Code + ": " + e.Message }

// Unwrap gives what it was made from: a network error, or that of a context.
func (e *Error) Unwrap() error { return e.cause }

// IsCode tells whether an error is an *Error with this code.
func IsCode(err error, code string) bool {
	var told *Error
	return errors.As(err, &told) && told.Code == code
}

func broken(cause error, requestID string) *Error {
	return &Error{Code: CodeNetwork, Message: "no whole answer: " + cause.Error(), RequestID: requestID, cause: cause}
}

func badAnswer(message string, a answered, cause error) *Error {
	return &Error{Code: CodeBadAnswer, Message: message, Status: a.status, RequestID: a.requestID, RetryAfter: a.retryAfter, cause: cause}
}

// answered is what is known of an answer without its body.
type answered struct {
	status     int
	requestID  string
	retryAfter *time.Duration
}

// errorOf is the error that an HTTP answer tells of: REST's object, GraphQL's list, or something that is neither.
func errorOf(body []byte, a answered) *Error {
	var told struct {
		Error     string          `json:"error"`
		Code      string          `json:"code"`
		Details   map[string]any  `json:"details"`
		RequestID string          `json:"request_id"`
		Errors    json.RawMessage `json:"errors"`
		Data      json.RawMessage `json:"data"`
	}
	err := json.Unmarshal(body, &told)
	if err == nil && !isNull(told.Errors) {
		return errorOfGraphQL(told.Errors, told.Data, a)
	}
	if err != nil || told.Code == "" {
		if len(body) > 200 {
			body = body[:200]
		}
		return badAnswer(fmt.Sprintf("HTTP %d, and no answer of Pomona's: %s", a.status, body), a, err)
	}
	e := &Error{Code: told.Code, Message: told.Error, RequestID: a.requestID, Status: a.status, Details: told.Details, RetryAfter: a.retryAfter}
	if told.RequestID != "" {
		e.RequestID = told.RequestID
	}
	if field, ok := told.Details["field"]; ok {
		e.Path = []any{field}
	}
	return e
}

// errorOfGraphQL is the first of an execution result's errors.
func errorOfGraphQL(all, data json.RawMessage, a answered) *Error {
	var list []struct {
		Message    string `json:"message"`
		Path       []any  `json:"path"`
		Extensions struct {
			Code      string         `json:"code"`
			RequestID string         `json:"requestId"`
			InputPath []any          `json:"inputPath"`
			Details   map[string]any `json:"details"`
		} `json:"extensions"`
	}
	if err := json.Unmarshal(all, &list); err != nil || len(list) == 0 {
		return badAnswer("the errors of the answer cannot be read", a, err)
	}
	first := list[0]
	e := &Error{
		Code: first.Extensions.Code, Message: first.Message, RequestID: first.Extensions.RequestID, Status: a.status,
		Path: first.Path, Details: first.Extensions.Details, RetryAfter: a.retryAfter, Errors: all, Data: data,
	}
	if e.Code == "" {
		e.Code = "INTERNAL"
	}
	if e.RequestID == "" {
		e.RequestID = a.requestID
	}
	if e.Path == nil {
		e.Path = first.Extensions.InputPath
	}
	return e
}
