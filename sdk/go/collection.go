package pomona

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// Stop, returned by a callback, ends what calls it without an error.
var Stop = errors.New("pomona: stop")

const rest = "/management/v1/"

// Page is a part of a list. The zero value is the whole list.
type Page struct {
	// Limit is how many records are wanted; all, when 0.
	Limit int
	// After is the UUID of the last record of the page before.
	After string
}

// Collection is what the four kinds of records have in common.
type Collection[T any] struct {
	client *Client
	name   string
	uuid   func(T) string
}

// Get reads one record. Fails with NOT_FOUND.
func (c *Collection[T]) Get(ctx context.Context, uuid string) (T, error) {
	var found T
	target, err := c.at(uuid)
	if err != nil {
		return found, err
	}
	err = c.client.getJSON(ctx, target, &found)
	return found, err
}

// List reads a page into memory, records in the order in which they were made.
func (c *Collection[T]) List(ctx context.Context, page Page) ([]T, error) {
	var all []T
	err := c.Each(ctx, page, func(record T) error {
		all = append(all, record)
		return nil
	})
	return all, err
}

// Each hands the records of a page to f while they arrive: one request, and one record in memory at a time. It ends with f's
// first error, or with nil when that is Stop.
func (c *Collection[T]) Each(ctx context.Context, page Page, f func(T) error) error {
	query := url.Values{}
	if page.Limit != 0 {
		query.Set("limit", strconv.Itoa(page.Limit))
	}
	if page.After != "" {
		query.Set("after", page.After)
	}
	target := rest + c.name
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return each(ctx, c.client, target, f)
}

// Pages is as Each over the whole list, with one request for every size records, each of which is tried again by itself.
func (c *Collection[T]) Pages(ctx context.Context, size int, f func(T) error) error {
	if size < 1 {
		return fmt.Errorf("pomona: a page has at least one record; %d were asked for", size)
	}
	after := ""
	for {
		page, err := c.List(ctx, Page{Limit: size, After: after})
		if err != nil {
			return err
		}
		for _, record := range page {
			if err := f(record); err != nil {
				return unlessStop(err)
			}
		}
		if len(page) < size {
			return nil
		}
		after = c.uuid(page[len(page)-1])
	}
}

func (c *Collection[T]) at(uuid string, below ...string) (string, error) {
	if uuid == "" {
		return "", fmt.Errorf("pomona: an id is needed to name one of the %s", c.name)
	}
	target := rest + c.name + "/" + url.PathEscape(uuid)
	for _, name := range below {
		target += "/" + name
	}
	return target, nil
}

func (c *Collection[T]) create(ctx context.Context, body any) (T, error) {
	var made T
	err := c.client.sendJSON(ctx, http.MethodPost, rest+c.name, body, &made)
	return made, err
}

func (c *Collection[T]) change(ctx context.Context, uuid string, body any) error {
	target, err := c.at(uuid)
	if err != nil {
		return err
	}
	return c.client.sendJSON(ctx, http.MethodPatch, target, body, nil)
}

func (c *Collection[T]) remove(ctx context.Context, uuid string) error {
	target, err := c.at(uuid)
	if err != nil {
		return err
	}
	return c.client.sendJSON(ctx, http.MethodDelete, target, nil, nil)
}

// each reads a JSON array element by element.
func each[T any](ctx context.Context, c *Client, target string, f func(T) error) error {
	response, err := c.get(ctx, target)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	decoder := json.NewDecoder(response.Body)
	unreadable := func(err error) error { return unreadableList(err, answeredBy(response)) }
	if mark, err := decoder.Token(); err != nil || mark != json.Delim('[') {
		return unreadable(err)
	}
	for decoder.More() {
		var record T
		if err := decoder.Decode(&record); err != nil {
			return unreadable(err)
		}
		if err := f(record); err != nil {
			return unlessStop(err)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return unreadable(err)
	}
	return nil
}

// unreadableList tells an answer that broke off from one that is no list.
func unreadableList(err error, about answered) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if err == nil || errors.As(err, &syntax) || errors.As(err, &kind) {
		return badAnswer("the answer is not the list it should be; is this the address of a Pomona?", about, err)
	}
	return broken(err, about.requestID)
}

func unlessStop(err error) error {
	if errors.Is(err, Stop) {
		return nil
	}
	return err
}
