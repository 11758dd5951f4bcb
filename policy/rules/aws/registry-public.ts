import { levels } from "../../core/level";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { isEverybody, membersOf } from "../../model/google-iam";
import { any, isAllow, statementsOf } from "../../model/iam";
import { objects } from "../../model/object";

const ofAws = objects("policies of ECR's repositories", "the repository's policy", [
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
]);
const ofGoogle = objects("members of Artifact Registry's repositories", "the repository", [
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
  "gcp:artifactregistry/repositoryIamBinding:RepositoryIamBinding",
  "gcp:artifactregistry/repositoryIamPolicy:RepositoryIamPolicy",
]);

export const registryPublic = defineRule({
  id: "registry-public",
  title: "Repositories of images are open only to those who are named",
  severity: "critical",
  standards: checkov("CKV_AWS_32", "CKV_GCP_101"),
  levels: levels("mandatory", "mandatory"),
  model: anyOf("who may use repositories of images", ofAws, ofGoogle),
  why: "Anybody can read what is in the images, and with a right to push run what they like.",
  remediation: "Name the roles and accounts that pull, or bound the statement to the organisation by a condition.",
  *check(object) {
    for (const statement of statementsOf(object.at("policy"))) {
      const principal = statement.at("Principal");
      yield statement.fails("gives rights to everybody", principal, () => {
        const everybody = principal.read() === "*" || any(principal.at("AWS"), (value) => value.read() === "*");
        return everybody && isAllow(statement) && !statement.at("Condition").present();
      });
    }
    for (const member of membersOf(object)) {
      yield member.fails("gives rights to everybody", member.cursor, () => isEverybody(member.cursor));
    }
  },
});
