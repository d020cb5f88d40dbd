/** What an author has to know about commands that were written for another kind of machine. */
export function remarkCommands(script: string, tell: (what: string) => void): void {
  if (/\bdocker\s+swarm\s+(init|join)\b/.test(script))
    tell('it makes or joins a Swarm: here the nodes are in one already');
  if (/\b(apt|apt-get|yum|apk|dnf)\s+(-\S+\s+)*(install|add|update)\b/.test(script))
    tell('it installs software: the student is not root here, and there may be no internet');
  if (/\b(kubectl|kubeadm|minikube)\b/.test(script)) tell('it needs Kubernetes');
  if (/\bsudo\b/.test(script)) tell('it uses sudo, which the student does not have');
  if (/\bdocker(\s+|-)compose\b/.test(script)) tell('it uses Docker Compose, which the nodes do not have: try a stack');
  if (/\b(git\s+clone|wget|curl\s+[^\n]*https?:\/\/(?!localhost|127\.|\$))/.test(script))
    tell('it fetches something: there may be no internet');
  if (/\s-it\b|\s-ti\b/.test(script)) tell('it asks for a terminal (`-it`): `grade` runs it without one');
}

/** What is likely to be wrong about a script that verifies a step. */
export function remarkVerify(script: string, tell: (what: string) => void): void {
  tell(
    'exit code 0 passes and the last line that it prints is told to the student: say there what was expected and found',
  );
  if (/\bsleep\s+\d/.test(script)) tell('it sleeps: exit with 75 for "not yet", and it is looked at again');
  if (/docker\s[^|\n]*\b(ls|ps)\b[^|\n]*\|\s*(grep|awk|sed)/.test(script))
    tell('it searches a table, where `5/5` is also found in `15/50`: a `service` or `tasks` check counts');
  else if (/\bgrep\b/.test(script)) tell('it searches text, which may also be part of other text');
}
