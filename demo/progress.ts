/** A resource at work, with a message of its own behind its state: "headgate:Release shop updating (3s) 10 %  for 10 s". */
const MESSAGE =
  /^\s*[~+-]*\s*(\S+) \S+ (?:running|creating|updating)(?: \([^)]*\))?(?: \[diff: [^\]]*\];)? (?![[(]|error: )(.+)$/;
const FAILURE = /^\s*[~+-]*\s*\S+ (\S+) \*\*[a-z ]*failed\*\*.*?; error: (.+)$/;
/** From here on, `pulumi up` repeats what it said. */
const SUMMARY = /^Diagnostics:|^Resources:/;

/** Picks out of the lines of `pulumi up` what a release tells, and failures; leaves out how resources come to be. */
export function releaseLines(print: (line: string) => void): (line: string) => void {
  let over = false;
  return (line) => {
    over ||= SUMMARY.test(line);
    if (over) return;
    const [, name, failure] = FAILURE.exec(line) ?? [];
    if (failure !== undefined) print(`${name} failed: ${failure}`);
    const [, type = "", message = ""] = MESSAGE.exec(line) ?? [];
    // The docker provider tells each line of a build.
    if (message !== "" && !type.startsWith("docker:")) print(message);
  };
}
