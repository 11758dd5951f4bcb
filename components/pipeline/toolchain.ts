import type { Toolchain } from "../model/pipeline";
import type { CheckTool } from "../model/pipeline-tests";
import type { PlannedNode, PlannedPython, PlannedToolchain } from "./plan";
import type { Command } from "./planned-jobs";

export function planToolchain({ node, python }: Toolchain): PlannedToolchain {
  return {
    ...(node !== undefined && { node: { versions: node.versions ?? ["24"], manager: node.manager ?? "npm" } }),
    ...(python !== undefined && {
      python: { versions: python.versions ?? ["3.13"], manager: python.manager ?? "uv" },
    }),
  };
}

const installNode: Record<PlannedNode["manager"], string> = {
  npm: "npm ci",
  pnpm: "pnpm install --frozen-lockfile",
  yarn: "yarn install --immutable",
};

const installPython: Record<PlannedPython["manager"], string> = {
  uv: "uv sync --locked",
  pip: "python -m venv .venv\n.venv/bin/python -m pip install --requirement requirements.txt",
  poetry: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction",
};

/** Folder with Python's programs once they are installed, relative to where that was done. */
export const pythonPrograms = ".venv/bin";

/** Installs exactly what the lock files say. */
export function installCommands({ node, python }: PlannedToolchain): Command[] {
  return [
    ...(node === undefined ? [] : [{ title: "Install Node.js packages", run: installNode[node.manager] }]),
    ...(python === undefined ? [] : [{ title: "Install Python packages", run: installPython[python.manager] }]),
  ];
}

const runNode: Record<PlannedNode["manager"], string> = {
  npm: "npx --no-install",
  pnpm: "pnpm exec",
  yarn: "yarn run",
};

/** What a tool is asked, over all of the sources; it changes nothing. */
const questions: Record<CheckTool, string> = {
  ruff: "ruff check . && ruff format --check .",
  black: "black --check .",
  flake8: "flake8 .",
  mypy: "mypy .",
  pyright: "pyright",
  biome: "biome ci .",
  eslint: "eslint .",
  prettier: "prettier --check .",
  tsc: "tsc --noEmit",
};

const ofNode: readonly CheckTool[] = ["biome", "eslint", "prettier", "tsc"];

export function toolCommand(tool: CheckTool, toolchain: PlannedToolchain): Command {
  const { node } = toolchain;
  const runner = ofNode.includes(tool) && node !== undefined ? `${runNode[node.manager]} ` : "";
  return { title: tool, run: `${runner}${questions[tool]}` };
}
