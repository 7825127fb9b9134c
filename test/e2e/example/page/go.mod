module github.com/Yolean/view-gateway/test/e2e/example/page

go 1.24.0

require github.com/coder/websocket v1.8.14
