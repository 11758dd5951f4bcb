import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

const ALLOWED = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const fixtures: Fixtures = {
  pass: [
    example("an empty folder", pod({ volumes: [{ name: "tmp", emptyDir: {} }] })),
    example("each allowed kind", pod({ volumes: ALLOWED.map((kind) => ({ name: "data", [kind]: {} })) })),
    example("a kind that is null", pod({ volumes: [{ name: "data", nfs: null, emptyDir: {} }] })),
  ],
  fail: [
    broken(
      "storage by its address",
      "spec.volumes[0].nfs",
      pod({ volumes: [{ name: "data", nfs: { server: "nfs.example", path: "/" } }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a volume that is a text", "pass", pod({ volumes: ["data"] })),
  ],
  wrongKind: [noWorkload(pod({ volumes: [{ name: "data", nfs: {} }] }))],
};
