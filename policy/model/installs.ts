import type { Words } from "./shell";

/** Whether a command installs or runs a package of a registry without saying which version of it. */
export function installsUnpinned([command = "", ...rest]: Words): boolean {
  const name = command.split("/").at(-1) ?? "";
  const python = /^python[\d.]*$/.test(name) && rest[0] === "-m" ? rest.slice(1) : undefined;
  const [tool, args] = python === undefined ? [name, rest] : [python[0] ?? "", python.slice(1)];
  return Object.hasOwn(TOOLS, tool) && (TOOLS[tool]?.(args) ?? false);
}

type Args = readonly string[];

const EXACT = /^v?\d+\.\d+\.\d+/;
/** Values that are no package by a name: paths, addresses, what a variable holds. */
const isElsewhere = (word: string): boolean => /^[./~]|:\/\/|^git\+|^file:|[$%]|\.(whl|tgz|tar\.gz|gem)$/.test(word);

/** Arguments that are no options; `taking` are options that have a value of their own. */
function plain(args: Args, taking: readonly string[] = []): string[] {
  return args.filter((arg, index) => !arg.startsWith("-") && !taking.includes(args[index - 1] ?? ""));
}

const has = (args: Args, ...names: readonly string[]): boolean =>
  args.some((arg) => names.includes(arg.split("=", 1)[0] ?? ""));

/** `left-pad@1.3.0`, `@scope/name@1.2.3`. */
const openNpm = (word: string): boolean => {
  const at = word.lastIndexOf("@");
  return !isElsewhere(word) && !(at > 0 && EXACT.test(word.slice(at + 1)));
};
const NPM_TAKING = ["--prefix", "--registry", "-C", "--dir", "--cwd", "--workspace", "-w", "--filter", "-F"];
const nodePackages =
  (...verbs: readonly string[]) =>
  (args: Args) => {
    const [verb = "", ...packages] = plain(args, NPM_TAKING);
    return verbs.includes(verb) && packages.some(openNpm);
  };

const PIP_TAKING = ["-r", "--requirement", "-e", "--editable", "-i", "--index-url", "--extra-index-url", "-f"].concat([
  "--find-links",
  "-t",
  "--target",
  "-p",
  "--python",
  "--prefix",
  "--group",
  "--platform",
  "--python-version",
]);
const openPython = (word: string): boolean => !isElsewhere(word) && !/===?|@/.test(word);
function pip(args: Args): boolean {
  const [verb, ...packages] = plain(args, PIP_TAKING);
  // A file of constraints says the versions, and what comes from no index is in the repository.
  return (
    verb === "install" && !has(args, "-c", "--constraint", "--constraints", "--no-index") && packages.some(openPython)
  );
}

const openGo = (word: string): boolean => /@(latest|upgrade|patch|main|master|HEAD)$/.test(word);

const TOOLS: Readonly<Record<string, (args: Args) => boolean>> = {
  npm: nodePackages("install", "i", "add"),
  yarn: (args) =>
    nodePackages("add")(args[0] === "global" ? args.slice(1) : args) ||
    (args[0] === "dlx" && first(args.slice(1), openNpm)),
  pnpm: (args) => nodePackages("add")(args) || (args[0] === "dlx" && first(args.slice(1), openNpm)),
  bun: nodePackages("add"),
  // Without --yes, npx and bunx run what the project has.
  npx: (args) =>
    has(args, "-y", "--yes")
      ? first(args, openNpm)
      : plain(args)
          .slice(0, 1)
          .some((word) => word.endsWith("@latest")),
  bunx: (args) =>
    plain(args)
      .slice(0, 1)
      .some((word) => word.endsWith("@latest")),
  pip,
  pip3: pip,
  pipx: ([verb = "", ...args]) => ["install", "run"].includes(verb) && first(args, openPython),
  uvx: (args) => !has(args, "--from") && first(args, openPython),
  uv: ([verb = "", ...args]) => {
    if (verb === "pip") return pip(args);
    return (
      verb === "tool" &&
      ["install", "run"].includes(args[0] ?? "") &&
      !has(args, "--from") &&
      first(args.slice(1), openPython)
    );
  },
  go: ([verb, ...args]) => ["install", "run", "get"].includes(verb ?? "") && plain(args).some(openGo),
  cargo: ([verb, ...args]) =>
    ["install", "binstall"].includes(verb ?? "") &&
    !has(args, "--version", "--vers", "--path", "--git", "--rev") &&
    plain(args, ["--features", "--root", "--target", "--profile", "-j"]).some(
      (word) => !isElsewhere(word) && !word.includes("@"),
    ),
  gem: ([verb = "", ...args]) =>
    ["install", "i"].includes(verb) &&
    !has(args, "-v", "--version", "-g", "--file") &&
    plain(args).some((word) => !isElsewhere(word) && !word.includes(":")),
  dotnet: (args) =>
    args[0] === "tool" &&
    args[1] === "install" &&
    !has(args, "--version") &&
    !plain(args.slice(2)).some((word) => word.includes("@")),
};

/** What is run is the first argument; those after it are its own. */
const first = (args: Args, isOpen: (word: string) => boolean): boolean =>
  plain(args, [
    "--python",
    "-p",
    "--with",
    "--registry",
    "--index-url",
    "--pip-args",
    "--spec",
    "--package",
    "--generate-shell-completion",
  ])
    .slice(0, 1)
    .some(isOpen);
