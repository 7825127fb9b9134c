// A small web page about the view that it runs in, and the endpoints that the end-to-end tests ask.
package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/Yolean/view-gateway/example/view"
)

func main() { view.Main("example", newHandler) }

func newHandler(ending context.Context, about view.View) (http.Handler, error) {
	page := newPage(about, time.Now(), ending)
	page.deliveries = os.Getenv("DELIVERIES_URL")
	return page.handler(), nil
}
