import { z } from "zod";
import { isVersionTag } from "../../components/github/pins/pins-file";
import { type Facts, PinProblem } from "./github";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const moment = z.iso.datetime({ offset: true });
const object = z.object({ type: z.string(), sha });

const repositorySchema = z.object({ default_branch: z.string().min(1), archived: z.boolean().default(false) });
const referencesSchema = z.array(z.object({ ref: z.string(), object }));
const tagSchema = z.object({ object });
const commitSchema = z.object({ committer: z.object({ date: moment }) });
const releaseSchema = z.object({ published_at: moment.nullable(), draft: z.boolean().default(false) });
const comparisonSchema = z.object({ status: z.enum(["ahead", "behind", "diverged", "identical"]) });
const fileSchema = z.object({ type: z.literal("file"), encoding: z.literal("base64"), content: z.string() });

/** A tag of a tag of a tag is a loop, or a joke. */
const DEEPEST_TAG = 4;

/** What is asked of the repository of an action. */
export class Repository {
  readonly #github: Facts;
  readonly #path: string;

  constructor(
    github: Facts,
    /** "owner/repository". */
    readonly name: string,
  ) {
    this.#github = github;
    this.#path = `/repos/${name}`;
  }

  async about(): Promise<{ defaultBranch: string; archived: boolean }> {
    const found = await this.#github.find(this.#path, repositorySchema);
    if (found === undefined)
      throw new PinProblem(`there is no repository ${this.name}, or GITHUB_TOKEN may not read it`);
    return { defaultBranch: found.default_branch, archived: found.archived };
  }

  /** The tags that are released versions. */
  async versions(): Promise<string[]> {
    return [...(await this.#references()).keys()];
  }

  async #references(): Promise<Map<string, z.infer<typeof object>>> {
    const found = await this.#github.find(`${this.#path}/git/matching-refs/tags/v`, referencesSchema);
    const tags = (found ?? []).map(({ ref, object }) => [ref.replace(/^refs\/tags\//, ""), object] as const);
    return new Map(tags.filter(([tag]) => isVersionTag(tag)));
  }

  /** The commit that a tag names, through tags of tags; nothing when there is no such tag. */
  async commitOf(tag: string): Promise<string | undefined> {
    let named = (await this.#references()).get(tag);
    for (let depth = 0; named?.type === "tag"; depth++) {
      if (depth === DEEPEST_TAG) throw new PinProblem(`${tag} is a tag of tags without an end`);
      const found = await this.#github.find(`${this.#path}/git/tags/${named.sha}`, tagSchema);
      if (found === undefined) throw new PinProblem(`the object of ${tag} is not in ${this.name}`);
      named = found.object;
    }
    if (named !== undefined && named.type !== "commit") throw new PinProblem(`${tag} names no commit`);
    return named?.sha;
  }

  /**
   * The later one of the times of a commit and of the release of its tag. A commit's time is what its author's clock
   * said; GitHub itself says when a release was published.
   */
  async timeOf(tag: string, commit: string): Promise<Date> {
    const found = await this.#github.find(`${this.#path}/git/commits/${commit}`, commitSchema);
    if (found === undefined) throw new PinProblem(`the commit of ${tag} is not in ${this.name}`);
    const release = await this.#github.find(`${this.#path}/releases/tags/${tag}`, releaseSchema);
    const times = [found.committer.date, release?.published_at ?? found.committer.date];
    return new Date(Math.max(...times.map((time) => Date.parse(time))));
  }

  /** Whether a commit can be reached from a branch or a tag; one of a fork can not, although GitHub shows it. */
  async reaches(from: string, commit: string): Promise<boolean> {
    const between = `${encodeURIComponent(from)}...${commit}`;
    const found = await this.#github.find(`${this.#path}/compare/${between}`, comparisonSchema);
    return found?.status === "behind" || found?.status === "identical";
  }

  /** The text of a file at a commit. */
  async read(path: string, commit: string): Promise<string | undefined> {
    const place = path.split("/").map(encodeURIComponent).join("/");
    const found = await this.#github.find(`${this.#path}/contents/${place}?ref=${commit}`, fileSchema);
    return found && Buffer.from(found.content, "base64").toString("utf8");
  }
}
