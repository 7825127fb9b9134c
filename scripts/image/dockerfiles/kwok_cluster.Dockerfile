# Stands for kwok's image of the same tag where that cannot be pulled: the same entry point, port and settings, but
# Kubernetes and etcd are the project's one binary. What is copied is a Debian root, put together by
# scripts/image/kwok_cluster_root.ts.
FROM scratch
COPY . /
ENV PATH=/usr/local/bin:/usr/bin:/bin \
    HOME=/root \
    KWOK_RUNTIME=binary \
    KWOK_KUBE_APISERVER_INSECURE_PORT=8080 \
    KWOK_KUBE_APISERVER_PORT=0 \
    KWOK_QUIET_PULL=true \
    KWOK_CONTROLLER_BINARY=/usr/local/bin/kwok \
    KWOK_ETCD_BINARY=/opt/kube/etcd \
    KWOK_KUBECTL_BINARY=/opt/kube/kubectl \
    KWOK_KUBE_APISERVER_BINARY=/opt/kube/kube-apiserver \
    KWOK_KUBE_CONTROLLER_MANAGER_BINARY=/opt/kube/kube-controller-manager \
    KWOK_KUBE_SCHEDULER_BINARY=/opt/kube/kube-scheduler
EXPOSE 8080
ENTRYPOINT ["/entrypoint.sh"]
