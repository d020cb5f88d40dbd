# The lab's images, from Debian packages: for machines that reach Debian's mirror but no image registry.
# Targets: nginx, alpine. BASE is the node image's base.
ARG BASE=debian:trixie-slim
FROM ${BASE} AS packages
RUN printf 'Acquire::Languages "none";\nAcquire::Retries "3";\n' >/etc/apt/apt.conf.d/90swarmlab && apt-get update
WORKDIR /packages
RUN apt-get download -o APT::Sandbox::User=root \
      busybox libc6 nginx nginx-common libpcre2-8-0 libssl3t64 zlib1g libcrypt1 libzstd1
COPY unpack /usr/local/bin/unpack
RUN chmod 755 /usr/local/bin/unpack

# busybox is the whole userland: sh, ping, wget, nslookup, httpd, sleep and the rest.
FROM packages AS alpine-root
RUN unpack /root-folder busybox libc6

FROM packages AS nginx-root
RUN unpack /root-folder busybox libc6 nginx nginx-common libpcre2-8-0 libssl3t64 zlib1g libcrypt1 libzstd1 \
 && cd /root-folder && rm -rf etc/nginx/sites-* etc/nginx/modules-* etc/nginx/snippets \
 && mkdir -p var/log/nginx var/lib/nginx var/cache/nginx etc/nginx/conf.d \
 && ln -s /dev/stdout var/log/nginx/access.log && ln -s /dev/stderr var/log/nginx/error.log
COPY nginx.conf /root-folder/etc/nginx/nginx.conf
COPY index.html /root-folder/usr/share/nginx/html/index.html

FROM scratch AS alpine
COPY --from=alpine-root /root-folder /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["/bin/sh"]

FROM scratch AS nginx
COPY --from=nginx-root /root-folder /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
