import { broken, example, type Fixtures, inRepository, malformed, noWorkload, resource } from "../../testing/fixtures";

const dependabot = (...updates: unknown[]) =>
  resource("headgate:github:Dependabot", { version: 2, updates }, "dependabot.yml");
const renovate = (settings: unknown) => resource("headgate:github:Renovate", settings, "renovate.json");
const npm = (cooldown?: unknown) => ({ "package-ecosystem": "npm", directory: "/", cooldown });
const AT = 'updates[0].cooldown["default-days"]';
const soon = dependabot(npm());

export const fixtures: Fixtures = {
  pass: [
    example("a week", dependabot(npm({ "default-days": 7 }))),
    { ...example("a day, which is enough here", dependabot(npm({ "default-days": 1 }))), options: { days: 1 } },
    example("a week of Renovate", renovate({ minimumReleaseAge: "7 days" }), renovate({ minimumReleaseAge: "1 week" })),
    example("a preset that may say it", renovate({ extends: ["local>acme/renovate"] })),
    example("for some packages", renovate({ packageRules: [{ minimumReleaseAge: "14 days" }] })),
    example("a time that only Renovate knows", renovate({ minimumReleaseAge: "a while" })),
    example("a file elsewhere in a repository", inRepository(soon, "docs/dependabot.yml")),
  ],
  fail: [
    broken("nothing said", AT, soon),
    broken("a day", AT, dependabot(npm({ "default-days": 1 }))),
    broken(
      "one of several",
      'updates[1].cooldown["default-days"]',
      dependabot(npm({ "default-days": 7 }), npm({ "semver-major-days": 30 })),
    ),
    { ...broken("less than is wanted", AT, dependabot(npm({ "default-days": 7 }))), options: { days: 14 } },
    broken(
      "Renovate, nothing said",
      "minimumReleaseAge",
      renovate({ extends: ["config:recommended", ":semanticCommits"] }),
    ),
    broken("Renovate, hours", "minimumReleaseAge", renovate({ minimumReleaseAge: "36 hours" })),
    broken("in a repository's file", `content.${AT}`, inRepository(soon, "./.github/dependabot.yml")),
    broken("Renovate's, in one", "content.minimumReleaseAge", inRepository(renovate({}), "renovate.json")),
  ],
  malformed: [
    malformed("a text for days", "fail", dependabot(npm({ "default-days": "7" }))),
    malformed("updates that are a text", "pass", resource("headgate:github:Dependabot", { updates: "all" })),
    malformed("a number", "pass", renovate({ minimumReleaseAge: 7 })),
    malformed("rules that are a text", "fail", renovate({ packageRules: "x" })),
  ],
  wrongKind: [noWorkload(soon)],
};
