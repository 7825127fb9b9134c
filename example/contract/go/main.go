// A view in Go, without packages: one by its environment (cold), or by its assignment (warm).
package main

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

type view struct {
	Name, UID string
	Subsets   json.RawMessage
	Files     map[string]string `json:",omitempty"`
}

var pod, lake = os.Getenv("VIEW_POD_UID"), filepath.Dir(os.Getenv("AWS_CONFIG_FILE"))
var current = view{Name: os.Getenv("VIEW_NAME"), Subsets: []byte(os.Getenv("VIEW_SUBSETS"))}
var warm = pod != "" && current.Name == ""
var lock sync.Mutex // two gateways may send the same assignment

func answer(w http.ResponseWriter, r *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	if warm && r.Method == "POST" && r.URL.Path == "/_gate/assign" {
		w.WriteHeader(assign(r.Header.Get("Authorization"), json.NewDecoder(http.MaxBytesReader(w, r.Body, 256<<10))))
	} else if r.URL.Path != "/healthz" && current.Name == "" {
		w.WriteHeader(503)
	} else if r.URL.Path != "/healthz" {
		_ = json.NewEncoder(w).Encode(current)
	}
}

func assign(bearer string, body *json.Decoder) int {
	var wanted view
	if subtle.ConstantTimeCompare([]byte(bearer), []byte("Bearer "+pod)) != 1 {
		return 401
	} else if body.Decode(&wanted) != nil || wanted.Name == "" || wanted.UID == "" {
		return 400
	} else if current.Name != "" && current.UID != wanted.UID {
		return 409
	}
	for path, text := range wanted.Files { // a reader sees the old or the new file, never a part
		if !filepath.IsAbs(lake) || filepath.Join(lake, filepath.Base(path)) != path {
			return 400
		} else if os.WriteFile(path+".new", []byte(text), 0o444) != nil || os.Rename(path+".new", path) != nil {
			return 500
		}
	}
	current = view{Name: wanted.Name, UID: wanted.UID, Subsets: wanted.Subsets}
	return 200
}

func main() {
	server := &http.Server{Addr: os.Getenv("HOST") + ":" + cmp.Or(os.Getenv("PORT"), "8080"), Handler: http.HandlerFunc(answer)}
	ending, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	go server.ListenAndServe()
	<-ending.Done()
	if current.Name != "" { // gateways need a moment to learn that a view ends
		time.Sleep(500 * time.Millisecond)
	}
	_ = server.Shutdown(context.Background())
}
