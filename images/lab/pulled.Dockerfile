# The lab's images, from those of an image registry, each as a single layer: the layers of several would not survive being packed
# into a node. Targets: nginx, alpine.
ARG NGINX=nginx:latest
ARG ALPINE=alpine:latest
FROM ${NGINX} AS nginx-source
FROM ${ALPINE} AS alpine-source

FROM scratch AS alpine
COPY --from=alpine-source / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["/bin/sh"]

FROM scratch AS nginx
COPY --from=nginx-source / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
