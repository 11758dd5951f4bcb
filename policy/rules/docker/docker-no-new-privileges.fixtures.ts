import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("the option", container({ securityOpts: ["no-new-privileges"] })),
    example("the option, written out", container({ securityOpts: ["seccomp=default.json", "no-new-privileges:true"] })),
    example("the option with the other sign", container({ securityOpts: ["no-new-privileges=true"] })),
    example("a container that only holds files", container({ start: false })),
  ],
  fail: [
    broken("nothing said", "securityOpts", container({})),
    broken("the opposite", "securityOpts", container({ securityOpts: ["no-new-privileges:false"] })),
    broken("another option", "securityOpts", container({ securityOpts: ["x-no-new-privileges"] })),
  ],
  malformed: [malformed("a text for a list", "fail", container({ securityOpts: "no-new-privileges" }))],
  wrongKind: [noContainer({ securityOpts: [] }), example("a service, which has no such field", swarm({}))],
};
