package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/Yolean/view-gateway/example/view"
)

func TestThePageKnowsItsSubsets(t *testing.T) {
	handler, err := newHandler(view.View{Name: "sales", Subsets: []view.Subset{{Bucket: "lake", Prefix: "sales/", Access: "read"}}})
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/view.json", nil))
	want := `{"name":"sales","subsets":[{"bucket":"lake","prefix":"sales/","access":"read"}]}`
	if got := strings.TrimSpace(answer.Body.String()); got != want {
		t.Errorf("got %s", got)
	}
}

func TestEveryAnswerHasThePolicy(t *testing.T) {
	handler, err := newHandler(view.View{})
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
