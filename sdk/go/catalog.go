package pomona

import (
	"context"
	"time"
)

// Profile is a configuration profile with its content.
type Profile struct {
	UUID              string `json:"profile_uuid"`
	PayloadIdentifier string `json:"payload_identifier"`
	// Content is the .mobileconfig.
	Content      []byte    `json:"payload_data"`
	DisplayName  string    `json:"display_name"`
	Description  string    `json:"description"`
	Organization string    `json:"organization"`
	PayloadTypes []string  `json:"payload_types"`
	Signed       bool      `json:"signed"`
	Size         int64     `json:"size"`
	SHA256       string    `json:"sha256"`
	Revision     int       `json:"revision"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// Ref names the profile as a member of a workflow.
func (p Profile) Ref() ProfileRef { return ProfileRef{UUID: p.UUID} }

// Application can be installed by workflows.
type Application struct {
	UUID             string    `json:"application_uuid"`
	Name             string    `json:"name"`
	ManifestURL      string    `json:"manifest-url"`
	ITunesStoreID    int64     `json:"itunes_store_id"`
	BundleIdentifier string    `json:"bundle_identifier"`
	Revision         int       `json:"revision"`
	CreatedAt        time.Time `json:"created_at"`
	UpdatedAt        time.Time `json:"updated_at"`
}

// Ref names the application as a member of a workflow.
func (a Application) Ref() ApplicationRef { return ApplicationRef{UUID: a.UUID} }

// ProfileRef names a profile by either, or by both, which then must agree.
type ProfileRef struct {
	PayloadIdentifier string `json:"payload_identifier,omitempty"`
	UUID              string `json:"profile_uuid,omitempty"`
}

// ApplicationRef names an application. One with a manifest that nobody knows yet is added.
type ApplicationRef struct {
	UUID          string `json:"application_uuid,omitempty"`
	Name          string `json:"name,omitempty"`
	ManifestURL   string `json:"manifest-url,omitempty"`
	ITunesStoreID int64  `json:"itunes_store_id,omitempty"`
}

// WorkflowRef names a workflow that another includes, by its UUID.
type WorkflowRef struct {
	UUID string `json:"workflow_uuid,omitempty"`
	Name string `json:"name,omitempty"`
}

// Workflow is a group of profiles and applications that may include other workflows.
type Workflow struct {
	UUID              string           `json:"uuid"`
	Name              string           `json:"name"`
	Description       string           `json:"description"`
	Profiles          []ProfileRef     `json:"profiles"`
	Applications      []ApplicationRef `json:"applications"`
	IncludedWorkflows []WorkflowRef    `json:"included_workflows"`
	Revision          int              `json:"revision"`
	CreatedAt         time.Time        `json:"created_at"`
	UpdatedAt         time.Time        `json:"updated_at"`
}

// Ref names the workflow for another to include.
func (w Workflow) Ref() WorkflowRef { return WorkflowRef{UUID: w.UUID} }

// Profiles that the server keeps.
type Profiles struct{ Collection[Profile] }

// Create adds a .mobileconfig, signed or not. payloadIdentifier must be the PayloadIdentifier inside.
func (p *Profiles) Create(ctx context.Context, payloadIdentifier string, content []byte) (Profile, error) {
	return p.create(ctx, map[string]any{"payload_identifier": payloadIdentifier, "payload_data": content})
}

// Delete fails with IN_USE while workflows have it, with their names in Details.
func (p *Profiles) Delete(ctx context.Context, uuid string) error { return p.remove(ctx, uuid) }

// Applications that workflows can install.
type Applications struct{ Collection[Application] }

// NewApplication has either a ManifestURL or an ITunesStoreID.
type NewApplication struct {
	Name             string `json:"name"`
	ManifestURL      string `json:"manifest-url,omitempty"`
	ITunesStoreID    int64  `json:"itunes_store_id,omitempty"`
	BundleIdentifier string `json:"bundle_identifier,omitempty"`
}

// Create adds an application.
func (a *Applications) Create(ctx context.Context, application NewApplication) (Application, error) {
	return a.create(ctx, application)
}

// Delete fails with IN_USE while workflows have it, with their names in Details.
func (a *Applications) Delete(ctx context.Context, uuid string) error { return a.remove(ctx, uuid) }

// Workflows that devices can be given.
type Workflows struct{ Collection[Workflow] }

// WorkflowFields make or change a workflow. What is "" or nil is left out; a list that is empty but not nil empties the list.
type WorkflowFields struct {
	Name              string
	Description       string
	Profiles          []ProfileRef
	Applications      []ApplicationRef
	IncludedWorkflows []WorkflowRef
}

// Create makes a workflow; it needs a name.
func (w *Workflows) Create(ctx context.Context, fields WorkflowFields) (Workflow, error) {
	return w.create(ctx, fields.body())
}

// Update replaces what is given, a list as a whole, and leaves the rest. Every device that has the workflow follows.
func (w *Workflows) Update(ctx context.Context, uuid string, fields WorkflowFields) error {
	return w.change(ctx, uuid, fields.body())
}

// Delete fails with IN_USE while a device has it or a workflow includes it.
func (w *Workflows) Delete(ctx context.Context, uuid string) error { return w.remove(ctx, uuid) }

func (f WorkflowFields) body() map[string]any {
	body := map[string]any{}
	if f.Name != "" {
		body["name"] = f.Name
	}
	if f.Description != "" {
		body["description"] = f.Description
	}
	if f.Profiles != nil {
		body["profiles"] = f.Profiles
	}
	if f.Applications != nil {
		body["applications"] = f.Applications
	}
	if f.IncludedWorkflows != nil {
		body["included_workflows"] = f.IncludedWorkflows
	}
	return body
}
