package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func from(environment map[string]string) func(string) string {
	return func(name string) string { return environment[name] }
}

func TestThePageKnowsItsSubsets(t *testing.T) {
	handler, err := newHandler(from(map[string]string{
		"VIEW_NAME":    "sales",
		"VIEW_SUBSETS": `[{"bucket":"lake","prefix":"sales/"}]`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/view.json", nil))
	var found view
	if err := json.Unmarshal(answer.Body.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	if found.Name != "sales" || len(found.Subsets) != 1 || found.Subsets[0] != (Subset{"lake", "sales/", "read"}) {
		t.Errorf("got %+v", found)
	}
}

func TestEveryAnswerHasThePolicy(t *testing.T) {
	handler, err := newHandler(from(nil))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/": 200, "/healthz": 200, "/view.json": 200, "/page.css": 200, "/nothing": 404} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
		if answer.Code != want {
			t.Errorf("%s: status %d, want %d", path, answer.Code, want)
		}
		if answer.Header().Get("Content-Security-Policy") != policy {
			t.Errorf("%s has no policy", path)
		}
	}
}

func TestSubsetsThatCannotBeReadEndTheProgram(t *testing.T) {
	_, err := newHandler(from(map[string]string{"VIEW_SUBSETS": "lake"}))
	if err == nil || !strings.Contains(err.Error(), "VIEW_SUBSETS") {
		t.Errorf("got %v", err)
	}
}
