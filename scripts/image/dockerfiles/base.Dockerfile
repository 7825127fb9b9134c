# Stands for the bases of the other Dockerfiles where images cannot be pulled: the C library and nothing else.
FROM scratch
COPY . /
