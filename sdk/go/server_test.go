package pomona

// Every method against a running server: POMONA_URL and POMONA_TOKEN say which, POMONA_TEST_SERIAL names a device that answers.
// The tests make what they need under names of their own, and take it away again. The device is pushed, and given workflows.

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"testing"
	"time"
)

const progress = `subscription ($ids: [ID!], $after: String) {
  deploymentProgress(deviceIds: $ids, after: $after) { cursor resync status }
}`

func server(t *testing.T) (*Client, context.Context) {
	t.Helper()
	if os.Getenv("POMONA_URL") == "" || os.Getenv("POMONA_TOKEN") == "" {
		t.Skip("needs POMONA_URL and POMONA_TOKEN")
	}
	client, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return client, ctx
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unique(what string) string {
	return fmt.Sprintf("%s.%x%x", what, time.Now().UnixNano(), rand.Int31())
}

func mobileconfig(identifier string) []byte {
	id := fmt.Sprintf("%08x-0000-4000-8000-%012x", rand.Uint32(), rand.Int63n(1<<48))
	head := "<key>PayloadVersion</key><integer>1</integer><key>PayloadUUID</key><string>" + id + "</string>"
	return []byte(`<plist version="1.0"><dict>` + head + `
	<key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key><string>` + identifier + `</string>
	<key>PayloadContent</key><array><dict>` + head + `
	<key>PayloadType</key><string>com.apple.webClip.managed</string><key>PayloadIdentifier</key><string>` + identifier + `.clip</string>
	<key>Label</key><string>Clip</string><key>URL</key><string>https://example.org</string></dict></array></dict></plist>`)
}

func aProfile(t *testing.T, c *Client, ctx context.Context) Profile {
	t.Helper()
	identifier := unique("org.example.sdk")
	made := must[Profile](t)(c.Profiles.Create(ctx, identifier, mobileconfig(identifier)))
	t.Cleanup(func() { ok(t, c.Profiles.Delete(context.Background(), made.UUID)) })
	return made
}

func aWorkflow(t *testing.T, c *Client, ctx context.Context, fields WorkflowFields) Workflow {
	t.Helper()
	fields.Name = unique("Workflow")
	made := must[Workflow](t)(c.Workflows.Create(ctx, fields))
	t.Cleanup(func() { ok(t, c.Workflows.Delete(context.Background(), made.UUID)) })
	return made
}

func TestProfiles(t *testing.T) {
	c, ctx := server(t)
	made := aProfile(t, c, ctx)
	equal(t, made.PayloadTypes, []string{"com.apple.webClip.managed"})
	equal(t, must[Profile](t)(c.Profiles.Get(ctx, made.UUID)), made)
	if !strings.Contains(string(made.Content), made.PayloadIdentifier) || made.CreatedAt.IsZero() {
		t.Fatal(made)
	}
	_, err := c.Profiles.Create(ctx, "org.example", []byte("no profile"))
	told := mustFail(t, err, "INVALID")
	if told.Status != 422 || told.RequestID == "" {
		t.Fatal(told)
	}
}

func TestPagesAreTheList(t *testing.T) {
	c, ctx := server(t)
	var made []string
	for count := 0; count < 5; count++ {
		made = append(made, aProfile(t, c, ctx).UUID)
	}
	whole := uuids(must[[]Profile](t)(c.Profiles.List(ctx, Page{})))
	var paged []Profile
	ok(t, c.Profiles.Pages(ctx, 2, func(p Profile) error { paged = append(paged, p); return nil }))
	equal(t, uuids(paged), whole)
	equal(t, uuids(must[[]Profile](t)(c.Profiles.List(ctx, Page{Limit: 2, After: made[1]}))), made[2:4])
	seen := 0
	ok(t, c.Profiles.Each(ctx, Page{}, func(Profile) error { seen++; return Stop }))
	ok(t, c.Profiles.Pages(ctx, 2, func(Profile) error { seen++; return Stop }))
	equal(t, seen, 2)
	_, err := c.Profiles.List(ctx, Page{Limit: -1})
	equal(t, mustFail(t, err, "BAD_USER_INPUT").Path, []any{"limit"})
}

func uuids(profiles []Profile) []string {
	var all []string
	for _, each := range profiles {
		all = append(all, each.UUID)
	}
	return all
}

func TestApplications(t *testing.T) {
	c, ctx := server(t)
	name := unique("Maps")
	made := must[Application](t)(c.Applications.Create(ctx, NewApplication{Name: name, ManifestURL: "https://example.org/" + name}))
	equal(t, must[Application](t)(c.Applications.Get(ctx, made.UUID)), made)
	_, err := c.Applications.Create(ctx, NewApplication{Name: name, ITunesStoreID: 7})
	mustFail(t, err, "CONFLICT")
	ok(t, c.Applications.Delete(ctx, made.UUID))
	_, err = c.Applications.Get(ctx, made.UUID)
	mustFail(t, err, "NOT_FOUND")
}

func TestWorkflows(t *testing.T) {
	c, ctx := server(t)
	profile, other := aProfile(t, c, ctx), aProfile(t, c, ctx)
	name := unique("Notes")
	application := must[Application](t)(c.Applications.Create(ctx, NewApplication{Name: name, ManifestURL: "https://example.org/" + name}))
	t.Cleanup(func() { ok(t, c.Applications.Delete(context.Background(), application.UUID)) })
	base := aWorkflow(t, c, ctx, WorkflowFields{
		Description:  "All of them",
		Profiles:     []ProfileRef{profile.Ref(), {PayloadIdentifier: other.PayloadIdentifier}},
		Applications: []ApplicationRef{application.Ref()},
	})
	equal(t, []string{base.Profiles[0].UUID, base.Profiles[1].UUID}, []string{profile.UUID, other.UUID})
	equal(t, base.Applications[0].ManifestURL, application.ManifestURL)
	outer := aWorkflow(t, c, ctx, WorkflowFields{IncludedWorkflows: []WorkflowRef{base.Ref()}})
	equal(t, outer.IncludedWorkflows[0].Name, base.Name)
	told := mustFail(t, c.Workflows.Delete(ctx, base.UUID), "IN_USE")
	equal(t, told.Details["workflows"], []any{outer.Name})
	ok(t, c.Workflows.Update(ctx, base.UUID, WorkflowFields{Profiles: base.Profiles[1:], Applications: []ApplicationRef{}}))
	changed := must[Workflow](t)(c.Workflows.Get(ctx, base.UUID))
	equal(t, []any{changed.Profiles, len(changed.Applications), changed.Name, changed.Description}, []any{base.Profiles[1:], 0, base.Name, "All of them"})
	mustFail(t, c.Workflows.Update(ctx, base.UUID, WorkflowFields{IncludedWorkflows: []WorkflowRef{outer.Ref()}}), "CYCLE")
}

func TestGraphQL(t *testing.T) {
	c, ctx := server(t)
	var viewer struct{ Viewer struct{ Role string } }
	ok(t, c.Query(ctx, "{ viewer { role } }", nil, &viewer))
	equal(t, viewer.Viewer.Role, "ADMIN")
	told := mustFail(t, c.Query(ctx, "{ nothing }", nil, nil), "GRAPHQL_VALIDATION_FAILED")
	if told.RequestID == "" || !strings.Contains(told.Message, "nothing") {
		t.Fatal(told)
	}
	equal(t, mustFail(t, c.Query(ctx, "{ device(by: {}) { id } }", nil, nil), "BAD_USER_INPUT").Path, []any{"device"})
	stranger := must[*Client](t)(New(Options{Token: "wrong"}))
	mustFail(t, stranger.Query(ctx, "{ viewer { role } }", nil, nil), "UNAUTHENTICATED")
	_, err := stranger.Devices.List(ctx, Page{})
	mustFail(t, err, "UNAUTHENTICATED")
	mustFail(t, c.Subscribe(ctx, "subscription { nothing }", nil, SubscribeOptions{}, func(Event) error { return nil }), "GRAPHQL_VALIDATION_FAILED")
}

func TestUserErrorsFailMutateAlone(t *testing.T) {
	c, ctx := server(t)
	document := `mutation ($input: WorkflowCreateInput!) {
	  workflowCreate(input: $input) { workflow { id } userErrors { code message path } }
	}`
	again := Variables{"input": map[string]any{"name": aWorkflow(t, c, ctx, WorkflowFields{}).Name}}
	var answer struct {
		WorkflowCreate struct{ UserErrors []struct{ Code string } }
	}
	ok(t, c.Query(ctx, document, again, &answer))
	equal(t, answer.WorkflowCreate.UserErrors[0].Code, "CONFLICT")
	told := mustFail(t, c.Mutate(ctx, document, again, nil), "CONFLICT")
	equal(t, told.Path, []any{"input", "name"})
}

func TestPaginate(t *testing.T) {
	c, ctx := server(t)
	wanted := map[string]bool{}
	for count := 0; count < 5; count++ {
		wanted[aWorkflow(t, c, ctx, WorkflowFields{}).Name] = true
	}
	document := `query ($first: Int, $after: String, $search: String) {
	  workflows(first: $first, after: $after, filter: { search: $search }) {
	    nodes { name } pageInfo { hasNextPage endCursor }
	  }
	}`
	type node struct{ Name string }
	ok(t, Paginate(ctx, c, document, "workflows", Variables{"search": "Workflow."}, 2, func(n node) error {
		delete(wanted, n.Name)
		return nil
	}))
	equal(t, len(wanted), 0)
	err := Paginate(ctx, c, "{ workflows { nodes { name } } }", "workflows", nil, 2, func(node) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "pageInfo") {
		t.Fatal(err)
	}
}

// testDevice is the device that answers, with its global id.
func testDevice(t *testing.T, c *Client, ctx context.Context) (Device, string) {
	t.Helper()
	serial := os.Getenv("POMONA_TEST_SERIAL")
	if serial == "" {
		t.Skip("needs POMONA_TEST_SERIAL")
	}
	var found struct{ Device struct{ ID, UUID string } }
	ok(t, c.Query(ctx, "query ($s: String!) { device(by: { serialNumber: $s }) { id uuid } }", Variables{"s": serial}, &found))
	return must[Device](t)(c.Devices.Get(ctx, found.Device.UUID)), found.Device.ID
}

func TestDevices(t *testing.T) {
	c, ctx := server(t)
	device, _ := testDevice(t, c, ctx)
	if !device.Enrolled || device.UDID == "" || device.LastCheckin == nil {
		t.Fatal(device)
	}
	listed := false
	ok(t, c.Devices.Pages(ctx, 1, func(d Device) error { listed = listed || d.UUID == device.UUID; return nil }))
	equal(t, listed, true)
	equal(t, len(must[string](t)(c.Devices.Push(ctx, device.UDID))), 36)
	_, err := c.Devices.Push(ctx, device.UUID)
	equal(t, mustFail(t, err, "NOT_FOUND").Details["udid"], device.UDID)
	mustFail(t, c.Devices.Fetch(ctx), "FEATURE_NOT_AVAILABLE")
}

func TestWhatADeviceAnswered(t *testing.T) {
	c, ctx := server(t)
	device, id := testDevice(t, c, ctx)
	var now struct{ Server struct{ EventCursor string } }
	ok(t, c.Query(ctx, "{ server { eventCursor } }", nil, &now))
	for _, name := range []string{"InstalledApplicationList", "CertificateList"} {
		send := `mutation ($input: CommandSendInput!) { commandSend(input: $input) { userErrors { code message path } } }`
		ok(t, c.Mutate(ctx, send, Variables{"input": map[string]any{"deviceIds": []string{id}, "requestType": name}}, nil))
	}
	watch := `subscription ($ids: [ID!], $after: String) {
	  commandUpdated(deviceIds: $ids, after: $after) { cursor resync status command { requestType } }
	}`
	answered := map[string]bool{}
	ok(t, c.Subscribe(ctx, watch, Variables{"ids": []string{id}}, SubscribeOptions{After: now.Server.EventCursor}, func(e Event) error {
		var told struct {
			CommandUpdated struct {
				Status  string
				Command struct{ RequestType string }
			}
		}
		ok(t, e.Decode(&told))
		if told.CommandUpdated.Status == "ACKNOWLEDGED" {
			answered[told.CommandUpdated.Command.RequestType] = true
		}
		if answered["InstalledApplicationList"] && answered["CertificateList"] {
			return Stop
		}
		return nil
	}))
	var identifier string
	ok(t, c.Devices.Applications(ctx, device.UUID, func(a InstalledApplication) error { identifier = a.Identifier; return nil }))
	var until *time.Time
	ok(t, c.Devices.Certificates(ctx, device.UUID, func(each Certificate) error { until = each.NotAfter; return nil }))
	if identifier == "" || until == nil {
		t.Fatal(identifier, until)
	}
}

func TestProgressGoesOnAfterACut(t *testing.T) {
	c, ctx := server(t)
	device, id := testDevice(t, c, ctx)
	workflow := aWorkflow(t, c, ctx, WorkflowFields{Profiles: []ProfileRef{aProfile(t, c, ctx).Ref()}})
	t.Cleanup(func() { ok(t, c.Devices.Assign(context.Background(), device.UUID, "")) })
	proxy := startProxy(t, c.base)
	watcher := must[*Client](t)(New(Options{URL: proxy.url}))
	var now struct{ Server struct{ EventCursor string } }
	ok(t, c.Query(ctx, "{ server { eventCursor } }", nil, &now))
	ok(t, c.Devices.Assign(ctx, device.UUID, workflow.UUID))
	var statuses []string
	ok(t, watcher.Subscribe(ctx, progress, Variables{"ids": []string{id}}, SubscribeOptions{After: now.Server.EventCursor}, func(e Event) error {
		var told struct{ DeploymentProgress struct{ Status string } }
		ok(t, e.Decode(&told))
		statuses = append(statuses, told.DeploymentProgress.Status)
		if len(statuses) == 1 {
			proxy.cut()
		}
		if told.DeploymentProgress.Status == "CONVERGED" {
			return Stop
		}
		return nil
	}))
	if proxy.connections < 2 || len(statuses) < 2 || statuses[0] != "PENDING" || strings.Count(strings.Join(statuses, " "), "CONVERGED") != 1 {
		t.Fatal(proxy.connections, statuses)
	}
	equal(t, must[Device](t)(c.Devices.Get(ctx, device.UUID)).WorkflowUUID, workflow.UUID)
}
