#!/bin/sh
# Makes node_modules usable: Node and npm to fetch it with, `npm ci` when the lockfile says so, Node 24 inside it.
# An unchanged checkout costs a few milliseconds.
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "toolchain: $*" >&2
  exit 1
}

node24() {
  [ -x node_modules/.bin/node ] && case "$(node_modules/.bin/node --version 2>/dev/null)" in v24.*) true ;; *) false ;; esac
}

key() {
  sha256sum package-lock.json | cut -c1-64
}

stamp=node_modules/.headgate-installed

ready() {
  [ "$(cat "$stamp" 2>/dev/null)" = "$(key)" ] && [ -x node_modules/.bin/tsx ] && node24
}

ready && exit 0

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ] ||
    fail "Node.js and npm are missing. Install Node.js 22 or newer with npm."
  echo "node       installing Debian's nodejs and npm"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 -qq update
  apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends nodejs npm ca-certificates >/dev/null
fi

# Two runs in one checkout: the second waits, then finds everything in place.
locks="${HEADGATE_CACHE:-${HOME:-/tmp}/.cache/headgate}/locks"
mkdir -p "$locks"
if [ -z "${HEADGATE_BOOTSTRAP_LOCKED:-}" ] && command -v flock >/dev/null 2>&1; then
  HEADGATE_BOOTSTRAP_LOCKED=1 exec flock "$locks/npm-$(pwd | sha256sum | cut -c1-12).lock" sh toolchain/bootstrap.sh
fi
ready && exit 0

# npm writes down last what it has installed: if that is what the lockfile asks for, somebody ran npm by hand.
installed() {
  node -e '
    const read = (file) => JSON.parse(require("fs").readFileSync(file, "utf8")).packages;
    const [wanted, present] = [read("package-lock.json"), read("node_modules/.package-lock.json")];
    const fits = ([path, { version, optional }]) => path === "" || (present[path] ? present[path].version === version : optional);
    process.exit(Object.entries(wanted).every(fits) ? 0 : 1);
  ' 2>/dev/null
}

if installed; then
  echo "packages   installed by npm before"
else
  echo "packages   npm ci"
  rm -f "$stamp" node_modules/.package-lock.json
  # With CI set, lefthook installs no git hooks: that is for a contributor to ask for.
  CI=true npm ci --no-audit --no-fund --loglevel=error
fi

# The package `node` links the program from an install script, which npm may refuse to run.
if ! node24; then
  echo "node       fetching Node 24 (npm ran no install script)"
  (cd node_modules/node && node installArchSpecificPackage.js >/dev/null) || true
  node24 || fail "node_modules/.bin/node is not Node 24. Remove node_modules and run make again."
fi
key >"$stamp"
echo "node       $(node_modules/.bin/node --version)"
