package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
)

// The page; page.js and theme.css are put there by the build.
//
//go:embed static
var static embed.FS

// Subset is a part of the lake that the page may read.
type Subset struct {
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
	Access string `json:"access"`
}

type view struct {
	Name    string   `json:"name"`
	Subsets []Subset `json:"subsets"`
}

// The page's own scripts may compile WebAssembly, which Snappy's decompressor is; that does not allow eval.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func newHandler(get func(string) string) (http.Handler, error) {
	known, err := viewFrom(get)
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /view.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(known)
	})
	mux.Handle("GET /", http.FileServerFS(files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		// Embedded files have no times to compare, so they are asked for anew.
		header.Set("Cache-Control", "no-cache")
		mux.ServeHTTP(w, r)
	}), nil
}

func viewFrom(get func(string) string) (view, error) {
	found := view{Name: get("VIEW_NAME"), Subsets: []Subset{}}
	if found.Name == "" {
		found.Name = "browser"
	}
	text := get("VIEW_SUBSETS")
	if text == "" {
		return found, nil
	}
	if err := json.Unmarshal([]byte(text), &found.Subsets); err != nil {
		return view{}, fmt.Errorf("VIEW_SUBSETS is not a JSON list of subsets: %w", err)
	}
	for i, subset := range found.Subsets {
		if subset.Access == "" {
			found.Subsets[i].Access = "read"
		}
	}
	return found, nil
}
