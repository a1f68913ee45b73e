package pomona

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// proxy passes TCP on to a server; cut ends all connections there are.
type proxy struct {
	url         string
	mutex       sync.Mutex
	open        []net.Conn
	connections int
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	p := &proxy{url: "http://" + listener.Addr().String()}
	t.Cleanup(func() { listener.Close(); p.cut() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", strings.TrimPrefix(target, "http://"))
			if err != nil {
				near.Close()
				continue
			}
			p.mutex.Lock()
			p.open = append(p.open, near, far)
			p.connections++
			p.mutex.Unlock()
			go func() { io.Copy(near, far); near.Close() }()
			go func() { io.Copy(far, near); far.Close() }()
		}
	}()
	return p
}

func (p *proxy) cut() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, each := range p.open {
		each.Close()
	}
	p.open = nil
}
