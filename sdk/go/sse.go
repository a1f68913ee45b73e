package pomona

import (
	"bufio"
	"io"
	"strings"
)

// message of a stream of Server-Sent Events.
type message struct {
	event string
	data  string
}

// messages reads them as the HTML standard does (section 9.2.6). Unlike a browser it tells a message without data, too:
// graphql-sse may send `complete` without.
type messages struct {
	in      *bufio.Reader
	afterCR bool
	begun   bool
}

func readMessages(in io.Reader) *messages { return &messages{in: bufio.NewReader(in)} }

// next waits for a message. At the end of the stream it fails with io.EOF, and a message that broke off is dropped.
func (m *messages) next() (message, error) {
	var event string
	var data []string
	for {
		line, err := m.line()
		if err != nil {
			return message{}, err
		}
		if line == "" {
			if event != "" || data != nil {
				return message{event, strings.Join(data, "\n")}, nil
			}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			event = value
		case "data":
			data = append(data, value)
		}
	}
}

// line ends with LF, CRLF or CR.
func (m *messages) line() (string, error) {
	var line []byte
	for {
		char, err := m.in.ReadByte()
		if err != nil {
			return "", err
		}
		if m.afterCR && char == '\n' {
			m.afterCR = false
			continue
		}
		m.afterCR = char == '\r'
		if char == '\n' || char == '\r' {
			return m.withoutMark(string(line)), nil
		}
		line = append(line, char)
	}
}

// withoutMark drops the byte order mark that a stream may begin with.
func (m *messages) withoutMark(line string) string {
	if m.begun {
		return line
	}
	m.begun = true
	return strings.TrimPrefix(line, "\ufeff")
}
