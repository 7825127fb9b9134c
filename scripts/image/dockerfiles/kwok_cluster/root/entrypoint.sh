#!/bin/sh
# Makes a cluster, and starts again what has ended of it.
kwokctl create cluster "$@" || exit 1
while sleep 10; do
  kwokctl start cluster
done
