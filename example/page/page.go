package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/Yolean/view-gateway/example/view"
	"github.com/coder/websocket"
)

//go:embed page.gohtml tokens.css page.css page.js
var files embed.FS

var pageTemplate = template.Must(template.ParseFS(files, "page.gohtml"))

// The longest that /slow takes.
const longest = 10 * time.Minute

// page answers for one view and counts what it was asked.
type page struct {
	view    view.View
	pod     string
	started time.Time
	// Ends WebSockets, which leave the care of the server.
	sockets context.Context
	// Where to report what was delivered, by its header X-Delivery; nowhere when empty.
	deliveries string

	mutex    sync.Mutex
	requests map[string]int
}

func newPage(about view.View, started time.Time, sockets context.Context) *page {
	pod, err := os.Hostname()
	if err != nil {
		pod = "unknown"
	}
	return &page{view: about, pod: pod, started: started, sockets: sockets, requests: map[string]int{}}
}

func (p *page) handler() http.Handler {
	asked := http.NewServeMux()
	asked.HandleFunc("GET /{$}", p.index)
	asked.Handle("GET /tokens.css", http.FileServerFS(files))
	asked.Handle("GET /page.css", http.FileServerFS(files))
	asked.Handle("GET /page.js", http.FileServerFS(files))
	asked.HandleFunc("GET /whoami", p.whoami)
	asked.HandleFunc("POST /echo", p.echo)
	asked.HandleFunc("GET /ws", p.webSocket)
	asked.HandleFunc("/slow", slow)
	asked.HandleFunc("/status", status)

	all := http.NewServeMux()
	all.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	all.Handle("/", p.counted(asked))
	return all
}

// counted counts requests by their method; the kubelet's probes do not count.
func (p *page) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mutex.Lock()
		p.requests[r.Method]++
		p.mutex.Unlock()
		next.ServeHTTP(w, r)
	})
}

func (p *page) counts() map[string]int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	counts := make(map[string]int, len(p.requests))
	for method, count := range p.requests {
		counts[method] = count
	}
	return counts
}

func (p *page) index(w http.ResponseWriter, _ *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	total := 0
	for _, count := range p.counts() {
		total += count
	}
	// The status line is sent by then, so an error could only cut the page off.
	_ = pageTemplate.Execute(w, map[string]any{
		"View":     p.view,
		"Pod":      p.pod,
		"Started":  p.started.UTC().Format(time.RFC3339),
		"Uptime":   time.Since(p.started).Round(time.Second).String(),
		"Requests": total,
	})
}

func (p *page) whoami(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, map[string]any{
		"view":          p.view.Name,
		"subsets":       p.view.Subsets,
		"pod":           p.pod,
		"started":       p.started.UTC().Format(time.RFC3339Nano),
		"uptimeSeconds": time.Since(p.started).Seconds(),
		"requests":      p.counts(),
		"host":          r.Host,
		"protocol":      r.Proto,
		"headers":       r.Header,
	})
}

// echo answers what it received of the body; it keeps none of it. What was delivered is reported before it is answered, so
// that it is known also of a pod that dies meanwhile.
func (p *page) echo(w http.ResponseWriter, r *http.Request) {
	if delivery := r.Header.Get("X-Delivery"); p.deliveries != "" && delivery != "" {
		reported, err := http.Post(p.deliveries, "text/plain", strings.NewReader(delivery))
		if err != nil {
			http.Error(w, "The delivery was not reported: "+err.Error(), http.StatusBadGateway)
			return
		}
		reported.Body.Close()
	}
	hash := sha256.New()
	length, err := io.Copy(hash, r.Body)
	if err != nil {
		http.Error(w, "The body ended early: "+err.Error(), http.StatusBadRequest)
		return
	}
	writeJSON(w, map[string]any{"length": length, "sha256": hex.EncodeToString(hash.Sum(nil))})
}

// webSocket says hello and then sends back what it is sent.
func (p *page) webSocket(w http.ResponseWriter, r *http.Request) {
	// Any page may talk to an example.
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer socket.CloseNow()
	socket.SetReadLimit(1 << 20)
	ctx := r.Context()
	// A context that ends during a read closes the socket without a close frame. So send the close frame first.
	stop := context.AfterFunc(p.sockets, func() { _ = socket.Close(websocket.StatusGoingAway, "the view ends") })
	defer stop()
	if socket.Write(ctx, websocket.MessageText, []byte("hello from "+p.view.Name)) != nil {
		return
	}
	for {
		kind, message, err := socket.Read(ctx)
		if err != nil || socket.Write(ctx, kind, message) != nil {
			return
		}
	}
}

// slow answers after ?ms= milliseconds.
func slow(w http.ResponseWriter, r *http.Request) {
	milliseconds, err := strconv.Atoi(r.URL.Query().Get("ms"))
	wait := time.Duration(milliseconds) * time.Millisecond
	if err != nil || wait < 0 || wait > longest {
		http.Error(w, fmt.Sprintf("ms must be a number from 0 to %d", longest.Milliseconds()), http.StatusBadRequest)
		return
	}
	select {
	case <-r.Context().Done():
	case <-time.After(wait):
		writeJSON(w, map[string]any{"waitedMilliseconds": milliseconds})
	}
}

// status answers with ?code=.
func status(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.URL.Query().Get("code"))
	if err != nil || code < 200 || code > 599 {
		http.Error(w, "code must be a status from 200 to 599", http.StatusBadRequest)
		return
	}
	w.WriteHeader(code)
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(value)
}
