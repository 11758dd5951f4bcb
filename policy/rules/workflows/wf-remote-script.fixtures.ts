import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const RUN = "jobs.build.steps[0].run";
const run = (script: unknown) => stepsOf([{ run: script }]);
const piped = run("curl -fsSL https://example.com/install.sh | sh");

export const fixtures: Fixtures = {
  pass: [
    example(
      "a file that is compared first",
      run(
        'curl -fsSLo install.sh https://example.com/install.sh\necho "$SUM  install.sh" | sha256sum -c\nsh install.sh',
      ),
    ),
    example("a commit in the address", run(`curl -fsSL https://raw.example.com/a/b/${"a".repeat(40)}/x.sh | bash`)),
    example("data that is read", run("curl -s https://example.com/a.json | jq .")),
    example("a comment", run("# curl https://example.com/x | sh\nmake")),
    example("a document", run("cat <<EOF > README\ncurl https://example.com/x | sh\nEOF")),
    example("what is like a shell", run("curl -s https://example.com/sums | shasum -c")),
  ],
  fail: [
    broken("piped into a shell", RUN, piped),
    ...[
      "wget -qO- https://example.com/x | sudo -E bash -s -- -y",
      "curl https://example.com/x \\\n  | FOO=1 bash",
      "bash <(curl -s https://example.com/x)",
      'sh -c "$(curl -fsSL https://example.com/x)"',
      'eval "$(curl -s https://example.com/x)"',
      "curl -sSL https://example.com/x.py | python3 -",
      "iwr -useb https://example.com/x.ps1 | iex",
      "iex (New-Object Net.WebClient).DownloadString('https://example.com/x')",
    ].map((script) => broken(script, RUN, run(script))),
    broken("in a repository's file", `content.${RUN}`, inRepository(piped)),
  ],
  malformed: [
    malformed("a list", "pass", run(["curl x | sh"])),
    malformed("a document without end", "pass", run("cat <<EOF\ncurl x | sh")),
  ],
  wrongKind: [noWorkload(piped)],
};
