package pomona

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Variables of a GraphQL operation.
type Variables map[string]any

// Query runs a GraphQL operation, once, and decodes its data into out, which may be nil. It fails with the first of the
// answer's errors; user errors are data here.
func (c *Client) Query(ctx context.Context, document string, variables Variables, out any) error {
	data, err := c.run(ctx, document, variables)
	if err != nil {
		return err
	}
	return decode(data, out)
}

// Mutate is as Query, and fails with the first of userErrors, if the document selects them; Data of the error has the rest.
func (c *Client) Mutate(ctx context.Context, document string, variables Variables, out any) error {
	data, err := c.run(ctx, document, variables)
	if err != nil {
		return err
	}
	if err := userError(data); err != nil {
		return err
	}
	return decode(data, out)
}

// Paginate hands to f the nodes of the connection at path ("devices", "workflow.devices"), page after page, size at a time.
// The document declares `$first: Int, $after: String`, gives them to that field, and selects
// `nodes { … } pageInfo { hasNextPage endCursor }` there. It ends with f's first error, or with nil when that is Stop.
func Paginate[T any](ctx context.Context, c *Client, document, path string, variables Variables, size int, f func(T) error) error {
	given := Variables{"first": size}
	for name, value := range variables {
		given[name] = value
	}
	for {
		data, err := c.run(ctx, document, given)
		if err != nil {
			return err
		}
		page, err := connectionAt[T](data, path)
		if err != nil {
			return err
		}
		for _, node := range page.Nodes {
			if err := f(node); err != nil {
				return unlessStop(err)
			}
		}
		if !page.PageInfo.HasNextPage {
			return nil
		}
		given["after"] = page.PageInfo.EndCursor
	}
}

type connection[T any] struct {
	Nodes    []T `json:"nodes"`
	PageInfo *struct {
		HasNextPage bool   `json:"hasNextPage"`
		EndCursor   string `json:"endCursor"`
	} `json:"pageInfo"`
}

func connectionAt[T any](data json.RawMessage, path string) (connection[T], error) {
	var found connection[T]
	for _, name := range strings.Split(path, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil {
			return found, fmt.Errorf("pomona: there is no object around %s of %s: %w", name, path, err)
		}
		data = object[name]
	}
	if err := decode(data, &found); err != nil {
		return found, err
	}
	if found.PageInfo == nil {
		return found, fmt.Errorf("pomona: the document must select %s { nodes { … } pageInfo { hasNextPage endCursor } }", path)
	}
	return found, nil
}

func (c *Client) run(ctx context.Context, document string, variables Variables) (json.RawMessage, error) {
	response, failure := c.send(ctx, request{
		method: http.MethodPost,
		target: "/graphql",
		body:   operation(document, variables),
		accept: "application/graphql-response+json, application/json;q=0.9",
	})
	if failure != nil {
		return nil, failure
	}
	about := answeredBy(response)
	var told result
	if err := readJSON(response, &told); err != nil {
		return nil, err
	}
	return told.data(about)
}

func operation(document string, variables Variables) map[string]any {
	if variables == nil {
		variables = Variables{}
	}
	return map[string]any{"query": document, "variables": variables}
}

// result of an execution.
type result struct {
	Data   json.RawMessage `json:"data"`
	Errors json.RawMessage `json:"errors"`
}

func (r result) data(about answered) (json.RawMessage, error) {
	if !isNull(r.Errors) {
		return nil, errorOfGraphQL(r.Errors, r.Data, about)
	}
	if isNull(r.Data) {
		return nil, badAnswer("the answer is no GraphQL result", about, nil)
	}
	return r.Data, nil
}

func isNull(text json.RawMessage) bool {
	return len(text) == 0 || bytes.Equal(text, []byte("null"))
}

// userError is the first that any payload in the data has.
func userError(data json.RawMessage) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return badAnswer("the data of the answer is no object", answered{}, err)
	}
	for _, field := range fields {
		var payload struct {
			UserErrors json.RawMessage `json:"userErrors"`
		}
		var list []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
			Path    []any  `json:"path"`
		}
		// A field that is no payload has no user errors.
		if json.Unmarshal(field, &payload) != nil || json.Unmarshal(payload.UserErrors, &list) != nil || len(list) == 0 {
			continue
		}
		first := list[0]
		if first.Code == "" {
			first.Code = "INVALID"
		}
		if first.Message == "" {
			first.Message = "the mutation was refused; select userErrors { code message path }"
		}
		return &Error{Code: first.Code, Message: first.Message, Path: first.Path, Errors: payload.UserErrors, Data: data}
	}
	return nil
}

func decode(data json.RawMessage, out any) error {
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("pomona: the data does not fit where it shall go: %w", err)
	}
	return nil
}
