/** What of this machine and of a neighbour lies there to be reached, and must not be. */
export interface Prey {
  /** A file of this machine with `secret` in it. */
  file: string;
  secret: string;
  /** A process of this machine. */
  pid: number;
  /** A port of this machine's loopback and other addresses where HTTP is answered with `secret`. */
  port: number;
  addresses: readonly string[];
  /** An abstract unix socket where HTTP is answered with `secret`. */
  abstractSocket: string;
  /** The state folder of this program, and in it the neighbour's cluster. */
  state: string;
  neighbour: string;
  /** A port that the neighbour's service has published on its nodes, whose addresses are the same as ours. */
  neighbourPort: number;
  engineSocket: string;
}

export interface WayOut {
  name: string;
  /** Calls `out` where it has succeeded. */
  script: string;
  /** Milliseconds it may take. */
  limit?: number;
}

/** Says that a way out was found; in pieces, so that the typed line itself does not say so. */
export const FOUND = 'WAY-OUT-FOUND';
export const OUT = "out() { printf 'WAY-%s\\n' OUT-FOUND; }; ";

/** Ways that a student could try, from a terminal. Those that exhaust something are in `exhaustions`. */
export function waysOut(prey: Prey): WayOut[] {
  const { file, secret, pid, port, state, neighbour } = prey;
  const ask = 'curl -s -m 2 --noproxy "*"';
  return [
    { name: 'a file of the machine by its path', script: `grep -q ${secret} ${file} && out` },
    {
      name: 'every file there is',
      script: `grep -rqs --exclude-dir=proc --exclude-dir=usr --exclude-dir=dev ${secret} / && out`,
    },
    {
      name: 'passwords and keys',
      script: 'cat /etc/shadow /root/.ssh/* /etc/ssh/*key && out; test -e /etc/machine-id && out',
    },
    {
      name: 'writing where programs lie',
      script: 'for f in /usr/bin /usr/local/bin /etc /bin /lib /run /dev /; do touch $f/planted && out; done',
    },
    {
      name: 'through the first process',
      script: `ls /proc/1/root/ && out; ls /proc/1/cwd/ && out; cat /proc/1/environ && out`,
    },
    {
      name: 'through any process',
      script: `for p in /proc/[0-9]*; do grep -qs ${secret} $p/environ $p/root${file} $p/cwd/package.json && out; done`,
    },
    {
      name: 'the machine’s processes',
      script: `[ $(ls -d /proc/[0-9]* | wc -l) -gt 12 ] && out; kill -0 ${pid} && out`,
    },
    {
      name: 'killing what is there',
      script: `for p in $(seq 2 20) ${pid}; do [ $p = $$ ] || kill -9 $p; done; kill -9 1; true`,
    },
    {
      name: 'switches of the kernel',
      script:
        'for f in sysrq-trigger sys/kernel/core_pattern sys/kernel/hostname sys/vm/drop_caches sys/kernel/modprobe; do (echo h > /proc/$f) && out; done',
    },
    {
      name: 'memory of the kernel',
      script: 'head -c 1 /proc/kcore && out; head -c 1 /dev/mem && out; head -c 1 /proc/kmsg && out',
    },
    { name: 'the kernel’s log', script: 'dmesg && out' },
    { name: 'mounting', script: 'mount -t tmpfs none /tmp && out; mount --bind / /tmp && out; umount /proc && out' },
    { name: 'a new user namespace', script: 'unshare --user --map-root-user true && out' },
    {
      name: 'other new namespaces',
      script: 'for n in mount net pid ipc uts cgroup; do unshare --$n true && out; done',
    },
    { name: 'the namespaces of others', script: `nsenter -t 1 -m true && out; nsenter -t ${pid} -n true && out` },
    {
      name: 'becoming root',
      script: 'su -c true < /dev/null && out; sudo -n true && out; chroot / true && out; [ $(id -u) = 0 ] && out',
    },
    {
      name: 'capabilities',
      script: "grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | grep -qv 0000000000000000 && out",
    },
    {
      name: 'programs that run as their owner',
      script:
        'cp /bin/bash ~/b && chmod 4755 ~/b && [ "$(~/b -p -c "id -u")" = 0 ] && out; grep -q "NoNewPrivs:.1" /proc/self/status || out; rm -f ~/b',
    },
    {
      name: 'devices',
      script: 'mknod ~/sda b 8 0 && out; ls /dev/sd* /dev/vd* /dev/nvme* /dev/loop* /dev/kmsg /dev/net/tun && out',
    },
    {
      name: 'services on the machine’s loopback',
      script: `for a in 127.0.0.1 '[::1]' localhost 0.0.0.0; do ${ask} http://$a:${port}/ | grep -q ${secret} && out; done; (exec 3<> /dev/tcp/127.0.0.1/${port}) && out`,
    },
    {
      name: 'services on the machine’s other addresses',
      script: `for a in ${prey.addresses.join(' ')}; do ${ask} http://$a:${port}/ | grep -q ${secret} && out; done; ip route get 1.1.1.1 && out`,
    },
    {
      name: 'abstract sockets of the machine',
      script: `${ask} --abstract-unix-socket ${prey.abstractSocket} http://x/ | grep -q ${secret} && out; grep -q ${prey.abstractSocket} /proc/net/unix && out`,
    },
    {
      name: 'the sockets of another workspace',
      script: `for s in docker control agent; do ${ask} --unix-socket ${state}/clusters/${neighbour}/nodes/master/$s.sock http://x/_ping && out; done; ls ${state} && out`,
    },
    {
      name: 'the sockets behind one’s own node',
      script: `ls /run/gateway | grep -v '^docker.sock$' && out; find / -type s 2> /dev/null | grep -v '^/run/gateway/docker.sock$' && out`,
    },
    {
      name: 'putting another gateway in place',
      script:
        'rm -f /run/gateway/docker.sock; [ -S /run/gateway/docker.sock ] || out; ln -sf x /run/docker.sock && out',
    },
    {
      name: 'the engine of the machine',
      script: `[ -S ${prey.engineSocket} ] && [ "$(docker -H unix://${prey.engineSocket} info -f '{{.Name}}')" != "$(hostname)" ] && out`,
    },
    {
      name: 'a container with the node’s files',
      script:
        'docker run --rm -v /:/host alpine cat /host/etc/passwd && out; docker run --rm --privileged alpine true && out; docker run --rm --pid host alpine true && out',
    },
    {
      name: 'a container’s file names that lead outside',
      script: `docker create --name up alpine; docker cp up:../../../../../..${file} ~/got && grep -q ${secret} ~/got && out; docker run --rm alpine cat ${file} | grep -q ${secret} && out; docker rm up`,
    },
    {
      name: 'another workspace’s published port',
      script: `for n in master worker1 worker2 registry; do ${ask} http://$n.docker-dca.example:${prey.neighbourPort}/ | grep -q . && out; done`,
    },
    {
      name: 'shared memory and queues of others',
      script: 'ipcs -m | grep -q 0x && out; ls /dev/shm /dev/mqueue | grep -q swarmlab && out',
    },
    {
      name: 'typing into somebody else’s terminal',
      script: `perl -e 'exit(ioctl(STDIN, 0x5412, my $c = "x") ? 0 : 1)' && out; for t in /dev/pts/[1-9]*; do (echo > $t) && out; done`,
    },
    {
      name: 'debugging and tracing',
      script: `perl -e 'exit(syscall(298, 0, 0, -1, -1, 0) >= 0 ? 0 : 1)' && out; perl -e 'exit(syscall(321, 0, 0, 0) >= 0 ? 0 : 1)' && out`,
    },
  ];
}

/**
 * Ways to leave nothing for the others. Each is let run for a while, then hung up on.
 */
export const EXHAUSTIONS: readonly { name: string; script: string; reading: boolean }[] = [
  { name: 'a fork bomb', script: 'b() { b | b & }; b', reading: true },
  { name: 'a loop on every processor', script: 'for i in $(seq 40); do (while :; do :; done) & done', reading: true },
  {
    name: 'full disks',
    script: 'for f in ~ /tmp /dev/shm; do dd if=/dev/zero of=$f/big bs=1M count=4000; done; fallocate -l 4G ~/huge',
    reading: true,
  },
  {
    name: 'more files than there is room for',
    script: 'mkdir ~/many; cd ~/many; for i in $(seq 200000); do : > f$i; done',
    reading: true,
  },
  {
    name: 'all memory',
    script: 'for i in 1 2 3 4; do (head -c 6G /dev/zero | tail > /dev/null) & done; wait',
    reading: true,
  },
  { name: 'endless output', script: 'yes "$(printf %01000d 0)"', reading: true },
  { name: 'endless output that nobody reads', script: 'yes', reading: false },
  {
    name: 'endless requests',
    script: 'while :; do for i in $(seq 8); do docker ps -a & done; wait; done',
    reading: true,
  },
  {
    name: 'containers that loop',
    script: "for i in $(seq 12); do docker run -d --rm alpine sh -c 'while :; do a=$(echo $a | wc -c); done'; done",
    reading: true,
  },
  {
    name: 'containers that keep everything',
    script:
      "for i in $(seq 12); do docker run -d --rm alpine sh -c 'a=x; while :; do a=$a$a; echo $a >> /f; done'; done",
    reading: true,
  },
  {
    name: 'services without number',
    script:
      'docker service create -d --replicas 1000000 alpine sleep 1d; for i in 1 2 3; do docker service create -d --replicas 500 alpine sleep 1d; done',
    reading: true,
  },
];
