/**
 * What is done with the student's files, as shell scripts that run as the student on the node: whatever a link or a race makes them
 * touch, the student could have touched with the same command.
 */

/** Exit codes of the scripts, beyond those of the commands in them. */
export const ENDINGS = {
  missing: 40,
  notAFile: 41,
  link: 42,
  tooLarge: 43,
  changed: 44,
  exists: 45,
} as const;

const VERSION = `stat -c '%.9Y-%s' --`;

/** Goes into the home folder and refuses a path that has a link on its way; a link at its end is left to the script. */
const WAY = `
cd "$HOME" || exit 1
way() {
  at=.; rest=$1
  while [ "$rest" != "\${rest#*/}" ]; do
    at=$at/\${rest%%/*}; rest=\${rest#*/}
    [ ! -L "$at" ] || exit ${ENDINGS.link}
    [ -d "$at" ] || exit ${ENDINGS.missing}
  done
}
way "$1"
`;

const END_IS_NO_LINK = `[ ! -L "./$1" ] || exit ${ENDINGS.link}`;

/** DEPTH LIMIT: kind, size, time and path of each entry, ended by a zero byte. */
export const LIST = `
cd "$HOME" || exit 1
find . -mindepth 1 -maxdepth "$1" -printf '%y\\t%s\\t%T@\\t%P\\0' 2>/dev/null | head -z -n "$2"
`;

/** PATH LIMIT: the version in a line, then the content. */
export const READ = `${WAY}${END_IS_NO_LINK}
[ -e "./$1" ] || exit ${ENDINGS.missing}
[ -f "./$1" ] || exit ${ENDINGS.notAFile}
[ "$(stat -c %s -- "./$1")" -le "$2" ] || exit ${ENDINGS.tooLarge}
${VERSION} "./$1" || exit 1
exec head -c "$2" -- "./$1"
`;

/**
 * PATH CONDITION: puts standard input in the file's place, all of it or nothing, and prints the new version. The condition is the version
 * that the file must have, `new` when it must not be there, or empty.
 */
export const WRITE = `${WAY}${END_IS_NO_LINK}
if [ -e "./$1" ]; then
  [ -f "./$1" ] || exit ${ENDINGS.notAFile}
  [ "$2" != new ] || exit ${ENDINGS.exists}
  [ -z "$2" ] || [ "$(${VERSION} "./$1")" = "$2" ] || exit ${ENDINGS.changed}
else
  [ -z "$2" ] || [ "$2" = new ] || exit ${ENDINGS.changed}
fi
fresh=$(mktemp "$at/.swarmlab-XXXXXXXX") || exit 1
trap 'rm -f "$fresh"' EXIT
cat > "$fresh" || exit 1
if [ -e "./$1" ]; then chmod --reference="./$1" "$fresh"; else chmod 644 "$fresh"; fi
mv -fT -- "$fresh" "./$1" || exit 1
trap - EXIT
${VERSION} "./$1"
`;

/** PATH: removes a file, a link itself, or a folder with all that is in it. */
export const REMOVE = `${WAY}
[ -e "./$1" ] || [ -L "./$1" ] || exit ${ENDINGS.missing}
exec rm -rf --one-file-system -- "./$1"
`;

/** PATH: makes a folder. */
export const MAKE_FOLDER = `${WAY}
[ ! -e "./$1" ] && [ ! -L "./$1" ] || exit ${ENDINGS.exists}
exec mkdir -- "./$1"
`;

/** FROM TO: gives something another name or place. */
export const MOVE = `${WAY}
[ -e "./$1" ] || [ -L "./$1" ] || exit ${ENDINGS.missing}
way "$2"
[ ! -e "./$2" ] && [ ! -L "./$2" ] || exit ${ENDINGS.exists}
exec mv -nT -- "./$1" "./$2"
`;
