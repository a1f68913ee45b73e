// Command devices lists the devices of a server; with -to it gives one of them a profile by way of two nested workflows, and
// watches until the device has it.
//
//	POMONA_URL=http://127.0.0.1:8080 POMONA_TOKEN=pomona_… go run ./examples/devices -to F17XK2ABCD
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"

	pomona "pomona.example/sdk"
)

const find = `query ($serial: String!) {
  server { eventCursor }
  device(by: { serialNumber: $serial }) { id uuid }
}`

const watch = `subscription ($device: ID!, $after: String) {
  deploymentProgress(deviceIds: [$device], after: $after) { cursor resync status }
}`

const state = `query ($device: ID!) {
  device(by: { id: $device }) { deployment { status counts { installed removed total } } }
}`

const webClip = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>%[1]s</string>
  <key>PayloadUUID</key><string>%[2]s</string>
  <key>PayloadDisplayName</key><string>Help desk</string>
  <key>PayloadContent</key><array><dict>
    <key>PayloadType</key><string>com.apple.webClip.managed</string>
    <key>PayloadVersion</key><integer>1</integer>
    <key>PayloadIdentifier</key><string>%[1]s.clip</string>
    <key>PayloadUUID</key><string>%[3]s</string>
    <key>Label</key><string>Help desk</string>
    <key>URL</key><string>https://help.example.org/</string>
  </dict></array>
</dict></plist>`

func main() {
	to := flag.String("to", "", "serial number of a device to give a profile to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *to); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, serial string) error {
	client, err := pomona.New(pomona.Options{}) // POMONA_URL and POMONA_TOKEN
	if err != nil {
		return err
	}
	if err := list(ctx, client); err != nil || serial == "" {
		return err
	}
	return assign(ctx, client, serial)
}

func list(ctx context.Context, client *pomona.Client) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERIAL\tNAME\tPRODUCT\tOS\tENROLLED")
	err := client.Devices.Each(ctx, pomona.Page{}, func(d pomona.Device) error {
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%t\n", d.SerialNumber, d.DeviceName, d.ProductName, d.OSVersion, d.Enrolled)
		return err
	})
	if err != nil {
		return err
	}
	return table.Flush()
}

func assign(ctx context.Context, client *pomona.Client, serial string) error {
	var found struct {
		Server struct{ EventCursor string }
		Device *struct{ ID, UUID string }
	}
	if err := client.Query(ctx, find, pomona.Variables{"serial": serial}, &found); err != nil {
		return err
	}
	if found.Device == nil {
		return fmt.Errorf("no device has the serial number %s", serial)
	}
	office, err := makeWorkflows(ctx, client)
	if err != nil {
		return err
	}
	if err := client.Devices.Assign(ctx, found.Device.UUID, office.UUID); err != nil {
		return err
	}
	fmt.Printf("Assigned %s to %s; watching.\n", office.Name, serial)
	// From the cursor of before the assignment on, so that nothing is missed. An event says that something happened; how the
	// device stands now is a query. That holds for a resync, too.
	device := pomona.Variables{"device": found.Device.ID}
	after := pomona.SubscribeOptions{After: found.Server.EventCursor}
	return client.Subscribe(ctx, watch, device, after, func(pomona.Event) error {
		return look(ctx, client, serial, device)
	})
}

// makeWorkflows makes Base, which has a profile, and Office, which includes Base.
func makeWorkflows(ctx context.Context, client *pomona.Client) (pomona.Workflow, error) {
	identifier := "org.example.sdk." + uuid()[:8]
	profile, err := client.Profiles.Create(ctx, identifier, []byte(fmt.Sprintf(webClip, identifier, uuid(), uuid())))
	if err != nil {
		return pomona.Workflow{}, err
	}
	base, err := client.Workflows.Create(ctx, pomona.WorkflowFields{
		Name:     "Base " + identifier,
		Profiles: []pomona.ProfileRef{profile.Ref()},
	})
	if err != nil {
		return base, err
	}
	return client.Workflows.Create(ctx, pomona.WorkflowFields{
		Name:              "Office " + identifier,
		IncludedWorkflows: []pomona.WorkflowRef{base.Ref()},
	})
}

// look prints how the device stands, and returns Stop when it has everything.
func look(ctx context.Context, client *pomona.Client, serial string, device pomona.Variables) error {
	var now struct {
		Device struct {
			Deployment struct {
				Status string
				Counts struct{ Installed, Removed, Total int }
			}
		}
	}
	if err := client.Query(ctx, state, device, &now); err != nil {
		return err
	}
	deployment := now.Device.Deployment
	counts := deployment.Counts // what was removed is counted in the total as well
	fmt.Printf("  %s: %d of %d installed\n", deployment.Status, counts.Installed, counts.Total-counts.Removed)
	switch deployment.Status {
	case "CONVERGED":
		fmt.Printf("%s has everything its workflow wants.\n", serial)
		return pomona.Stop
	case "FAILED":
		return fmt.Errorf("%s refused something; ask for deployment { items }", serial)
	}
	return nil
}

func uuid() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
