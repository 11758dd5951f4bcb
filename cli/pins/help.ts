export const HELP = `usage: headgate pins update [options] [ACTION[@TAG]...]

Renews the commits that actions are pinned to: the newest released version of the same major version, once it is old
enough. Without ACTION every pin is looked up; an ACTION without a pin gets one. ACTION@TAG takes that version, whatever
its age. A pin whose tag was moved, and a version that is suddenly beside the default branch, are told and not taken.
Ends with 0 when all is well, 1 with problems (or, with --check, when a pin is not the newest), 2 when nothing can be
looked up. Reads GITHUB_TOKEN and GITHUB_API_URL; progress goes to standard error.

  --file FILE       pins of your own, which come before the library's (default: the library's, in its checkout)
  --major           take new major versions too
  --cooldown TIME   how old a version must be: "7d", "36h" (default: 7d)
  --check           write nothing
  --json            print what was found as JSON
  --help            print this`;
