/**
 * After a service has come up the docker client watches it for five more seconds before it says so. In front of a student's or an author's
 * commands this shell function ends that wait as Ctrl-C does (the client then exits 0, and nothing is different for the cluster), and
 * says so on stderr each time. What runs docker by its path does not meet it and just takes longer.
 */
export const SHORTENED = 'swarmlab: the client would have watched the service for some seconds more';

const SHORT_DOCKER = `docker() {
  case "\${1-} \${2-}" in
    'service create' | 'service update' | 'service scale' | 'service rollback') ;;
    *)
      command docker "$@"
      return
      ;;
  esac
  local line input output client told=
  exec {input}<&0
  coproc SWARMLAB_CLIENT { exec docker "$@" <&"$input"; }
  client=$SWARMLAB_CLIENT_PID
  exec {output}<&"\${SWARMLAB_CLIENT[0]}" {input}<&-
  while IFS= read -r -u "$output" line || [[ -n $line ]]; do
    if [[ $line != 'verify: Waiting '* ]]; then
      printf '%s\\n' "$line"
    elif [[ ! $told ]]; then
      told=yes
      echo '${SHORTENED}' >&2
      kill -INT "$client"
    fi
  done
  exec {output}<&-
  wait "$client"
}
`;

/** A simulated shell knows no coprocesses: there the program that starts the client is told instead. */
export const SHORT_VERIFY = `if [ "\${SWARMLAB_SHELL-}" = simulated ]; then
  export SWARMLAB_SHORT_VERIFY='${SHORTENED}'
else
  eval '${SHORT_DOCKER.replaceAll("'", "'\\''")}'
fi
`;
