module github.com/Yolean/view-gateway/test/e2e/example/browser

go 1.24.0
