package pomona

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Device as /management/v1 tells of it. What the server does not know is the zero value.
type Device struct {
	UUID                  string     `json:"uuid"`
	UDID                  string     `json:"udid"`
	SerialNumber          string     `json:"serial_number"`
	OSVersion             string     `json:"os_version"`
	BuildVersion          string     `json:"build_version"`
	ProductName           string     `json:"product_name"`
	IMEI                  string     `json:"imei"`
	MEID                  string     `json:"meid"`
	MDMTopic              string     `json:"mdm_topic"`
	AwaitingConfiguration bool       `json:"awaiting_configuration"`
	Enrolled              bool       `json:"enrolled"`
	WorkflowUUID          string     `json:"workflow_uuid"`
	DEPDevice             bool       `json:"dep_device"`
	Model                 string     `json:"model"`
	LastCheckin           *time.Time `json:"last_checkin"`
	DeviceName            string     `json:"device_name"`
	// LastQueryResponse is told by Get alone: what it last answered to DeviceInformation, in Apple's words.
	LastQueryResponse json.RawMessage `json:"last_query_response"`
}

// InstalledApplication is an application on a device. Sizes are in bytes.
type InstalledApplication struct {
	Identifier   string `json:"identifier"`
	Name         string `json:"name"`
	Version      string `json:"version"`
	ShortVersion string `json:"short_version"`
	BundleSize   int64  `json:"bundle_size"`
	DynamicSize  int64  `json:"dynamic_size"`
}

// Certificate is a certificate on a device. SHA256 is lower-case hexadecimal.
type Certificate struct {
	CommonName   string     `json:"common_name"`
	IsIdentity   bool       `json:"is_identity"`
	SHA256       string     `json:"sha256"`
	Subject      string     `json:"subject"`
	Issuer       string     `json:"issuer"`
	SerialNumber string     `json:"serial_number"`
	NotBefore    *time.Time `json:"not_before"`
	NotAfter     *time.Time `json:"not_after"`
}

// Devices that the server knows.
type Devices struct{ Collection[Device] }

// Assign gives the device a workflow; "" takes away the one it has.
func (d *Devices) Assign(ctx context.Context, uuid, workflowUUID string) error {
	return d.change(ctx, uuid, map[string]string{"workflow_uuid": workflowUUID})
}

// Push wakes the device with this UDID, waits up to 15 s for APNs, and returns the id of the notification. Fails with
// NOT_FOUND, NOT_ENROLLED, FEATURE_NOT_AVAILABLE, UPSTREAM_REFUSED or TIMEOUT.
func (d *Devices) Push(ctx context.Context, udid string) (string, error) {
	target, err := d.at(udid, "push")
	if err != nil {
		return "", err
	}
	var sent struct {
		ID string `json:"push_notification_id"`
	}
	err = d.client.sendJSON(ctx, http.MethodPost, target, nil, &sent)
	return sent.ID, err
}

// Fetch asks for the devices of Automated Device Enrollment. Fails with FEATURE_NOT_AVAILABLE until the server has it.
func (d *Devices) Fetch(ctx context.Context) error {
	return d.client.sendJSON(ctx, http.MethodPost, rest+"devices/fetch", nil, nil)
}

// Applications hands to f what the device last answered to InstalledApplicationList; nothing before it did.
func (d *Devices) Applications(ctx context.Context, uuid string, f func(InstalledApplication) error) error {
	target, err := d.at(uuid, "applications")
	if err != nil {
		return err
	}
	return each(ctx, d.client, target, f)
}

// Certificates hands to f what the device last answered to CertificateList; nothing before it did.
func (d *Devices) Certificates(ctx context.Context, uuid string, f func(Certificate) error) error {
	target, err := d.at(uuid, "certificates")
	if err != nil {
		return err
	}
	return each(ctx, d.client, target, f)
}
