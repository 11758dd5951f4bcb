import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { gitlabFiles } from "../components/gitlab/gitlab-files";
import { checkDelivery } from "../components/model/validate";
import { planPipeline } from "../components/pipeline/plan-pipeline";

const file = join(__dirname, "gitlab.md");
const text = readFileSync(file, "utf8");

/** The page with its excerpts as they are made of its document now. */
function current(): string {
  const delivery = parse(/^```yaml cicd\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? "");
  expect(checkDelivery(delivery)).toEqual([]);
  const { plan, problems } = planPipeline(delivery, { serviceName: "shop" });
  expect(problems).toEqual([]);
  const files = new Map(gitlabFiles(plan).map(({ path, content }) => [path, content]));
  return text.replace(
    /^```text (\S+)(?: (\S+) (\S+))?\n[\s\S]*?^```$/gm,
    (_, path: string, job?: string, last?: string) => {
      const content = files.get(path) ?? "";
      // A job from its name to the line of the last key.
      const shown =
        job === undefined
          ? content
          : (new RegExp(`^${job}:\\n[\\s\\S]*?^  ${last}:.*\\n`, "m").exec(content)?.[0] ?? "");
      expect(shown, path).not.toBe("");
      return `\`\`\`text ${path}${job === undefined ? "" : ` ${job} ${last}`}\n${shown}\`\`\``;
    },
  );
}

test("the page about GitLab shows what is made of its document now", () => {
  if (process.env["HEADGATE_WRITE_DOCS"] === "yes") writeFileSync(file, current());
  else expect(text).toBe(current());
});
