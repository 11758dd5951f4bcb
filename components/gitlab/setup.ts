import type { PlannedNode, PlannedPython, PlannedToolchain } from "../pipeline/plan";
import { quoted } from "../pipeline/tests";
import { installCommands, pythonPrograms } from "../pipeline/toolchain";
import { type ToolName, tools, toolVersion } from "../pipeline/tools/tool-versions";
import go from "./images/go.json";

/** Programs that a job runs; Debian's packages of the same names where the image lacks them. */
export function needPrograms(...programs: readonly string[]): string {
  return `# Look for ${programs.join(", ")}
missing=
for program in ${programs.join(" ")}; do
  if ! command -v "$program" > /dev/null; then missing="$missing $program"; fi
done
if [ -n "$missing" ]; then
  if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
    echo "The image lacks$missing, and cannot install it. Name an image that has it in runners.gitlabImage." >&2
    exit 1
  fi
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends $missing > /dev/null
fi`;
}

/** Variables of the project that the job was promised. Their values stay unseen. */
export function needVariables(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `# Look for the variables of the project
for name in ${names.join(" ")}; do
  if [ -z "\${!name+given}" ]; then
    echo "The variable $name is not there for this job: see docs/gitlab.md for its environment and protection." >&2
    exit 1
  fi
done`,
  ];
}

/** What a job needs beside the main version of each language. */
export interface SetupOptions {
  /** Folder with the lock files, relative to the repository. */
  directory: string;
  /** Words of the shell with the versions, where they are not the main ones. */
  node?: string;
  python?: string;
  /** Whether packages may come from a cache that other jobs wrote. What publishes or deploys never takes one. */
  cached: boolean;
}

/** Folder of the repository that the cache keeps. */
export const cacheFolder = ".cache/headgate";

/** The languages of the toolchain with the packages of their lock files. */
export function setUp({ node, python }: PlannedToolchain, options: SetupOptions): string[] {
  const folder = quoted(options.directory);
  return [
    ...(options.cached
      ? [`export XDG_CACHE_HOME="$CI_PROJECT_DIR/${cacheFolder}" npm_config_cache="$CI_PROJECT_DIR/${cacheFolder}/npm"`]
      : []),
    ...(node === undefined ? [] : [setUpNode(node, options.node ?? node.versions[0] ?? "24")]),
    ...(python === undefined ? [] : [setUpPython(python, options.python ?? python.versions[0] ?? "3.13")]),
    ...installCommands({ ...(node && { node }), ...(python && { python }) }).map(
      ({ title, run }) => `# ${title}\n(\ncd ${folder}\n${run}\n)`,
    ),
    ...(python === undefined ? [] : [`export PATH="$(cd ${folder} && pwd)/${pythonPrograms}:$PATH"`]),
  ];
}

/** The image's own Node.js when it is of the wanted version, else the one that npm has. */
function setUpNode({ manager }: PlannedNode, version: string): string {
  const lines = [
    "# Set up Node.js",
    `version=${version}`,
    'case "$(node --version 2> /dev/null).." in',
    '  "v$version."*) ;;',
    "  *)",
    `    case "$(uname -m)" in x86_64) processor=x64 ;; *) processor=arm64 ;; esac`,
    `    npm install --silent --no-save --prefix "$WORK/node" "node-linux-$processor@$version"`,
    `    export PATH="$WORK/node/node_modules/node-linux-$processor/bin:$PATH" ;;`,
    "esac",
  ];
  if (manager === "pnpm") {
    lines.push(
      `npm install --silent --global --prefix "$WORK/pnpm" pnpm@${toolVersion("pnpm")}`,
      'export PATH="$WORK/pnpm/bin:$PATH"',
    );
  }
  return lines.join("\n");
}

/** uv, which fetches any version of Python by its checksum. */
function setUpPython({ manager }: PlannedPython, version: string): string {
  const lines = [
    "# Set up Python",
    `version=${version}`,
    virtualEnvironment("uv"),
    'export PATH="$WORK/uv/bin:$PATH" UV_PYTHON="$version"',
    'uv venv --quiet --seed --python "$version" "$WORK/python"',
    'export PATH="$WORK/python/bin:$PATH"',
  ];
  if (manager === "poetry") {
    lines.push(virtualEnvironment("poetry"), 'export PATH="$PATH:$WORK/poetry/bin"');
  }
  return lines.join("\n");
}

/** A program of PyPI at one version in a folder of its own. */
const virtualEnvironment = (name: ToolName): string => `if ! python3 -m venv "$WORK/${name}" 2> /dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv > /dev/null
  python3 -m venv --clear "$WORK/${name}"
fi
"$WORK/${name}/bin/python" -m pip install --quiet ${name}==${toolVersion(name)}`;

/** Go by its checksum, for programs that come as sources whose checksums Go's own database knows. */
export const setUpGo: readonly string[] = [
  needPrograms("curl", "unzip"),
  `# Set up Go
processor=$(uname -m)
case "$processor" in
${Object.entries(go.sha256)
  .map(([processor, sha256]) => `  ${processor}) checksum=${sha256} ;;`)
  .join("\n")}
  *) echo "There is no Go for $processor here." >&2; exit 1 ;;
esac
case "$processor" in x86_64) platform=linux-amd64 ;; *) platform=linux-arm64 ;; esac
module="golang.org/toolchain@v0.0.1-go${go.version}.$platform"
curl --fail --silent --show-error --retry 3 --output "$WORK/go.zip" \\
  "https://proxy.golang.org/golang.org/toolchain/@v/v0.0.1-go${go.version}.$platform.zip"
echo "$checksum  $WORK/go.zip" | sha256sum --check --quiet
unzip -q "$WORK/go.zip" -d "$WORK/go"
chmod -R u+x "$WORK/go/$module/bin" "$WORK/go/$module/pkg/tool"
export GOTOOLCHAIN=local GOPATH="$WORK/gopath" GOBIN="$WORK/bin" PATH="$WORK/bin:$WORK/go/$module/bin:$PATH"`,
];

/** A program of Go's registry at one version. */
export const goTool = (name: ToolName): string =>
  `# Set up ${name}\nGOFLAGS=-modcacherw go install ${tools[name].package}@v${toolVersion(name)}`;
