package view

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// pool answers a pod that waits, and the directory of its lake's files.
func pool(t *testing.T) (*poolPod, string) {
	t.Helper()
	lake := t.TempDir()
	handler, unassigned, err := handlerFor(from(map[string]string{
		"VIEW_POD_UID": "pod-1", "AWS_CONFIG_FILE": filepath.Join(lake, "config"),
	}), "other", func(about View) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(about) }), nil
	})
	if err != nil || !unassigned() {
		t.Fatalf("%v, the pod is a view", err)
	}
	return handler.(*poolPod), lake
}

func ask(handler http.Handler, request *http.Request) (int, string) {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer.Code, strings.TrimSpace(answer.Body.String())
}

func get(handler http.Handler, path string) (int, string) {
	return ask(handler, httptest.NewRequest("GET", path, nil))
}

func post(handler http.Handler, bearer, body string) (int, string) {
	request := httptest.NewRequest("POST", AssignPath, strings.NewReader(body))
	request.Header.Set("Authorization", bearer)
	return ask(handler, request)
}

func assigned(uid string, files map[string]string) string {
	text, _ := json.Marshal(assignment{Name: "sales", UID: uid, Subsets: []Subset{{Bucket: "lake", Prefix: "sales/"}}, Files: files})
	return string(text)
}

func TestAPodOfAPoolIsReadyAndServesNothing(t *testing.T) {
	pod, _ := pool(t)
	for path, want := range map[string]int{"/healthz": 200, "/": 503, "/view.json": 503, AssignPath: 503} {
		if code, body := get(pod, path); code != want {
			t.Errorf("%s: %d %s, expected %d", path, code, body, want)
		}
	}
}

func TestAnAssignedPodServesAsItsViewAndHasItsFiles(t *testing.T) {
	pod, lake := pool(t)
	file := filepath.Join(lake, "credentials")
	for _, keys := range []string{"first", "renewed"} {
		code, body := post(pod, "Bearer pod-1", assigned("view-1", map[string]string{file: keys}))
		if text, err := os.ReadFile(file); code != 200 || err != nil || string(text) != keys {
			t.Fatalf("%d %s; %q %v", code, body, text, err)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("%v %v", info, err)
	}
	if left, err := os.ReadDir(lake); err != nil || len(left) != 1 {
		t.Errorf("%v %v", left, err)
	}
	want := `{"name":"sales","subsets":[{"bucket":"lake","prefix":"sales/","access":"read"}]}`
	if code, body := get(pod, "/"); code != 200 || body != want {
		t.Errorf("%d %s", code, body)
	}
}

func TestAPodIsOneViewForEver(t *testing.T) {
	pod, lake := pool(t)
	file := filepath.Join(lake, "credentials")
	post(pod, "Bearer pod-1", assigned("view-1", map[string]string{file: "mine"}))
	if code, _ := post(pod, "Bearer pod-1", assigned("view-2", map[string]string{file: "theirs"})); code != 409 {
		t.Errorf("%d", code)
	}
	if text, _ := os.ReadFile(file); string(text) != "mine" {
		t.Errorf("%q", text)
	}
}

func TestOfTwoViewsAtOnceOneGetsThePod(t *testing.T) {
	pod, _ := pool(t)
	codes := make([]int, 20)
	var group sync.WaitGroup
	for i := range codes {
		group.Add(1)
		go func() {
			defer group.Done()
			codes[i], _ = post(pod, "Bearer pod-1", assigned(fmt.Sprint("view-", i), nil))
		}()
	}
	group.Wait()
	count := map[int]int{}
	for _, code := range codes {
		count[code]++
	}
	if count[200] != 1 || count[409] != 19 {
		t.Errorf("%v", count)
	}
}

func TestOnlyTheGatewayAssigns(t *testing.T) {
	pod, _ := pool(t)
	for _, bearer := range []string{"", "pod-1", "Bearer ", "Bearer pod-2", "Bearer pod-11", "bearer pod-1"} {
		if code, _ := post(pod, bearer, assigned("view-1", nil)); code != 401 {
			t.Errorf("%q: %d", bearer, code)
		}
	}
	if !pod.unassigned() {
		t.Error("the pod is a view")
	}
}

func TestABadAssignmentChangesNothing(t *testing.T) {
	pod, lake := pool(t)
	outside := []string{filepath.Dir(lake) + "/x", lake, lake + "/", lake + "/..", lake + "/a/b", lake + "/../x", lake + "//x", "x", ""}
	bodies := []string{"", "{", "[]", "{}", `{"name":"sales"}`, `{"uid":"view-1"}`, assigned("view-1", nil) + "{}",
		`{"name":"sales","uid":"view-1","subsets":{}}`, `{"name":1,"uid":"view-1"}`,
		assigned("view-1", map[string]string{filepath.Join(lake, "config"): strings.Repeat("x", maxAssignment)})}
	for _, path := range outside {
		bodies = append(bodies, assigned("view-1", map[string]string{filepath.Join(lake, "config"): "text", path: "text"}))
	}
	for _, body := range bodies {
		if code, text := post(pod, "Bearer pod-1", body); code != 400 {
			t.Errorf("%.120s: %d %s", body, code, text)
		}
	}
	if left, _ := os.ReadDir(lake); len(left) != 0 || !pod.unassigned() {
		t.Errorf("%v", left)
	}
}

func TestWithoutALakeThereAreNoFiles(t *testing.T) {
	pod, lake := pool(t)
	pod.lake = ""
	if code, _ := post(pod, "Bearer pod-1", assigned("view-1", map[string]string{lake + "/config": "text"})); code != 400 {
		t.Errorf("%d", code)
	}
	if code, _ := post(pod, "Bearer pod-1", assigned("view-1", map[string]string{})); code != 200 {
		t.Errorf("%d", code)
	}
}

func TestAViewThatCannotBeServedIsAnError(t *testing.T) {
	pod, _ := pool(t)
	pod.serve = func(View) (http.Handler, error) { return nil, errors.New("no page") }
	if code, body := post(pod, "Bearer pod-1", assigned("view-1", nil)); code != 500 || body != "no page" || !pod.unassigned() {
		t.Errorf("%d %s", code, body)
	}
}

func TestAViewThatTheEnvironmentNamesTakesNoAssignment(t *testing.T) {
	handler, unassigned, err := handlerFor(from(map[string]string{"VIEW_POD_UID": "pod-1", "VIEW_NAME": "sales"}), "other",
		func(View) (http.Handler, error) { return http.NotFoundHandler(), nil })
	if err != nil || unassigned() {
		t.Fatalf("%v, the pod is no view", err)
	}
	if code, _ := post(handler, "Bearer pod-1", assigned("view-1", nil)); code != 404 {
		t.Errorf("%d", code)
	}
}
