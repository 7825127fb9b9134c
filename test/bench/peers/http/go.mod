module github.com/Yolean/view-gateway/test/bench/peers/http

go 1.24.0
