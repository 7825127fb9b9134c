package view

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// AssignPath is where a pod of a warm pool learns which view it is. The template's annotation view.yolean.se/assign names it.
const AssignPath = "/_gate/assign"

// The longest body of an assignment, in bytes: a view has few subsets, and credentials are small.
const maxAssignment = 256 << 10

// The kubelet mounts a view's Secret with this mode too.
const readable = 0o444

// assignment is what the gateway sends to a claimed pod.
type assignment struct {
	Name    string            `json:"name"`
	UID     string            `json:"uid"`
	Subsets []Subset          `json:"subsets"`
	Files   map[string]string `json:"files"`
}

// poolPod waits for its assignment, and then answers for one view until it ends.
type poolPod struct {
	uid string
	// The directory of the lake's files; empty without a lake.
	lake  string
	serve func(View) (http.Handler, error)

	// One assignment at a time: two gateways may send the same.
	mutex sync.Mutex
	// The UID of the Service of the view that this pod is; empty before the assignment.
	view    string
	handler atomic.Pointer[http.Handler]
}

func (p *poolPod) unassigned() bool { return p.handler.Load() == nil }

func (p *poolPod) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handler := p.handler.Load()
	switch {
	case r.Method == http.MethodPost && r.URL.Path == AssignPath:
		code, text := p.assign(r.Header.Get("Authorization"), http.MaxBytesReader(w, r.Body, maxAssignment))
		w.WriteHeader(code)
		fmt.Fprintln(w, text)
	case handler != nil:
		(*handler).ServeHTTP(w, r)
	case r.URL.Path == "/healthz":
		fmt.Fprintln(w, "ok")
	default:
		http.Error(w, "This pod belongs to no view yet.", http.StatusServiceUnavailable)
	}
}

func (p *poolPod) assign(authorization string, body io.Reader) (int, string) {
	// Only the gateway and this pod know the pod's UID.
	if subtle.ConstantTimeCompare([]byte(authorization), []byte("Bearer "+p.uid)) != 1 {
		return http.StatusUnauthorized, "The bearer token is not the UID of this pod."
	}
	wanted, err := p.read(body)
	if err != nil {
		return http.StatusBadRequest, err.Error()
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.view != "" && p.view != wanted.UID {
		return http.StatusConflict, "This pod is another view."
	}
	p.view = wanted.UID
	for path, text := range wanted.Files {
		if err := replaceFile(path, text); err != nil {
			return http.StatusInternalServerError, err.Error()
		}
	}
	if p.unassigned() {
		handler, err := p.serve(View{Name: wanted.Name, Subsets: withDefaults(wanted.Subsets)})
		if err != nil {
			return http.StatusInternalServerError, err.Error()
		}
		p.handler.Store(&handler)
	}
	return http.StatusOK, "ok"
}

func (p *poolPod) read(body io.Reader) (assignment, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return assignment{}, fmt.Errorf("cannot read the assignment: %w", err)
	}
	var found assignment
	if json.Unmarshal(text, &found) != nil || found.Name == "" || found.UID == "" {
		return assignment{}, errors.New("the assignment is not JSON with name, uid, subsets and files")
	}
	for path := range found.Files {
		// A name in that very directory: no path out of it is clean.
		if p.lake == "" || filepath.Clean(path) != path || filepath.Dir(path) != p.lake {
			return assignment{}, fmt.Errorf("the file %q is not in the lake's directory", path)
		}
	}
	return found, nil
}

// replaceFile writes a file whole: who reads it sees the old or the new text, never a part.
func replaceFile(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Chmod(readable), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
