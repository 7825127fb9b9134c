package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/Yolean/view-gateway/example/view"
	"github.com/coder/websocket"
)

func serve(t *testing.T, about view.View, sockets context.Context) string {
	t.Helper()
	server := httptest.NewServer(newPage(about, time.Now(), sockets).handler())
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestPageEscapesWhatTheViewIsCalled(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	url := serve(t, view.View{Name: evil, Subsets: []view.Subset{{Bucket: evil, Prefix: evil, Access: evil}}}, t.Context())
	code, body := get(t, url+"/")
	if code != 200 || strings.Contains(body, "<script>alert") {
		t.Fatalf("%d %s", code, body)
	}
	if count := strings.Count(body, "&lt;script&gt;alert(1)"); count < 4 {
		t.Fatalf("the view's name and subset are shown %d times in:\n%s", count, body)
	}
}

func TestWhoamiCountsRequestsButNotProbes(t *testing.T) {
	url := serve(t, view.View{Name: "a"}, t.Context())
	get(t, url+"/healthz")
	get(t, url+"/")
	_, body := get(t, url+"/whoami")
	var whoami struct {
		View     string
		Requests map[string]int
	}
	if err := json.Unmarshal([]byte(body), &whoami); err != nil {
		t.Fatal(err)
	}
	if whoami.View != "a" || whoami.Requests["GET"] != 2 {
		t.Fatalf("%+v", whoami)
	}
}

func TestEchoReportsADeliveryBeforeItAnswers(t *testing.T) {
	var reported []string
	recorder := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		reported = append(reported, string(body))
	}))
	defer recorder.Close()
	page := newPage(view.View{}, time.Now(), t.Context())
	page.deliveries = recorder.URL
	server := httptest.NewServer(page.handler())
	defer server.Close()
	for _, delivery := range []string{"first", ""} {
		request, err := http.NewRequest("POST", server.URL+"/echo", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Delivery", delivery)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 200 {
			t.Fatalf("%d", response.StatusCode)
		}
	}
	if strings.Join(reported, ",") != "first" {
		t.Fatalf("%q", reported)
	}
}

func TestEchoHashesALargeBody(t *testing.T) {
	url := serve(t, view.View{}, t.Context())
	body := strings.Repeat("0123456789", 500_000)
	response, err := http.Post(url+"/echo", "application/octet-stream", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var echo struct {
		Length int
		SHA256 string
	}
	if err := json.NewDecoder(response.Body).Decode(&echo); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(body))
	if echo.Length != len(body) || echo.SHA256 != hex.EncodeToString(sum[:]) {
		t.Fatalf("%+v", echo)
	}
}

func TestWebSocketSaysHelloEchoesAndLeavesWithAReason(t *testing.T) {
	sockets, end := context.WithCancel(t.Context())
	url := serve(t, view.View{Name: "a"}, sockets)
	socket, _, err := websocket.Dial(t.Context(), url+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	expect := func(want string) {
		t.Helper()
		if _, message, err := socket.Read(t.Context()); err != nil || string(message) != want {
			t.Fatalf("%q, %v; expected %q", message, err, want)
		}
	}
	expect("hello from a")
	if err := socket.Write(t.Context(), websocket.MessageText, []byte("ping")); err != nil {
		t.Fatal(err)
	}
	expect("ping")
	end()
	if _, _, err := socket.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Fatalf("%v", err)
	}
}

func TestEachBadParameterHasItsOwnError(t *testing.T) {
	url := serve(t, view.View{}, t.Context())
	for path, want := range map[string]int{
		"/slow?ms=-1": 400, "/slow?ms=1": 200, "/slow": 400, "/status?code=99": 400, "/status?code=503": 503, "/nothing": 404,
	} {
		if code, body := get(t, url+path); code != want {
			t.Errorf("%s: %d %s, expected %d", path, code, body, want)
		}
	}
}
