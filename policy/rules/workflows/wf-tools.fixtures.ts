import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const RUN = "jobs.build.steps[0].run";
const run = (script: unknown) => stepsOf([{ run: script }]);
const global = run("npm install -g npm-check");

export const fixtures: Fixtures = {
  pass: [
    example("a version", run("npm install -g npm-check@6.0.1")),
    ...[
      "npm ci\nnpm install",
      "npm install --prefix web",
      "npm i ./package.tgz @scope/name@1.2.3",
      "yarn add --dev left-pad@1.3.0",
      "npx vitest run",
      "npx --yes serve@14.2.4 dist",
      "pip install -r requirements.txt",
      "pip install -e . ./other",
      'python3 -m pip install "tox==4.1.0" https://example.com/x-1.whl',
      "pip install -c constraints.txt tox",
      "pip install $PACKAGES",
      "pip install --no-index --find-links dist tox",
      "uvx --generate-shell-completion bash",
      "uv pip install ruff==0.5.0\nuvx ruff@0.5.0 check\nuv tool install ruff==0.5.0",
      "pipx run build==1.2.2",
      "go install ./... && go install example.com/x@v1.2.3 && go test ./...",
      "cargo install --locked ripgrep@14.1.0 && cargo install --path .",
      "cargo install cross --version 0.2.5",
      "gem install bundler -v 2.5.0",
      "dotnet tool install --global x --version 1.2.3",
      "echo 'pip install x'\n# pip install x",
      "cat <<'EOF' > notes\npip install x\nEOF",
    ].map((script) => example(script, run(script))),
    example(
      "an installer that is told",
      stepsOf([{ uses: "aquasecurity/setup-trivy@v1", with: { version: "v0.70.0" } }]),
    ),
  ],
  fail: [
    broken("the newest of a package", RUN, global),
    ...[
      "npm i left-pad@^1.0.0",
      "npm install @scope/name@latest",
      "pnpm add -g turbo",
      "pnpm dlx serve dist",
      "yarn global add serve",
      "npx serve@latest",
      "npx --yes serve",
      "set -e; sudo pip install --upgrade pip > /dev/null",
      "python -m pip install 'tox>=4'",
      "pip3 install tox==4.1.0 nox",
      "uv tool install ruff",
      "uvx ruff check",
      "pipx install poetry",
      "go install example.com/x@latest",
      "cargo install ripgrep",
      "CI=1 gem install bundler",
      "dotnet tool install -g x",
      "if true; then npm install -g x; fi",
      "cat <<EOF > notes\nx\nEOF\nnpm install -g x",
      "npm install \\\n  -g x",
    ].map((script) => broken(script, RUN, run(script))),
    broken(
      "an installer that is told nothing",
      "jobs.build.steps[0].with.version",
      stepsOf([{ uses: "aquasecurity/setup-trivy@v1" }]),
    ),
    broken(
      "the newest by its name",
      "jobs.build.steps[0].with.version",
      stepsOf([{ uses: "aquasecurity/setup-trivy@v1", with: { version: "latest" } }]),
    ),
    broken("in a repository's file", `content.${RUN}`, inRepository(global)),
  ],
  malformed: [
    malformed("a list", "pass", run(["npm i x"])),
    malformed("a quote without end", "fail", run('npm install "x')),
  ],
  wrongKind: [noWorkload(global)],
};
