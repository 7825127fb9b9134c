// A static page that reads Parquet files of its view's subsets in the browser, through the gateway's /_lake/. This
// program serves the page and knows nothing of the lake: it has no credentials.
package main

import (
	"context"
	"net/http"

	"github.com/Yolean/view-gateway/example/view"
)

func main() {
	view.Main("browser", func(_ context.Context, about view.View) (http.Handler, error) { return newHandler(about) })
}
