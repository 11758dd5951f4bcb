import { expect, it } from "vitest";
import { releaseLines } from "./progress";

it("lets through what a release tells, and failures, once", () => {
  const told: string[] = [];
  const tell = releaseLines((line) => told.push(line));
  for (const line of [
    "Updating (demo):",
    "@ updating....",
    " +  docker:index:Image hello-image creating (0s) Step 3/11 : ARG VERSION=0.0.0",
    " +  docker:index:Container edge-setup created (1s) ",
    " +  pulumi:pulumi:Stack headgate-demo creating (35s) revision 1 begins, asked for by a@b pid 1",
    " ~  pulumi-nodejs:dynamic/headgate:Release hello-release updating (0s) [diff: ~image]",
    " ~  pulumi-nodejs:dynamic/headgate:Release hello-release updating (2s) [diff: ~image]; 2 copies healthy",
    "    pulumi:pulumi:Stack headgate-demo running  10 %     9 s     152 requests   5.26 % errors (old 0.00 %)",
    ' ~  headgate:Release hello-release updating (22s) [diff: ~image]; error: DockerService "hello": taken back',
    ' ~  headgate:Release hello-release **updating failed** [diff: ~image]; error: DockerService "hello": taken back',
    "    pulumi:pulumi:Stack headgate-demo running error: update failed",
    "    pulumi:pulumi:Stack headgate-demo **failed** 1 error; 7 messages",
    "Diagnostics:",
    "    pulumi:pulumi:Stack headgate-demo running again",
  ]) {
    tell(line);
  }
  expect(told).toEqual([
    "revision 1 begins, asked for by a@b pid 1",
    "2 copies healthy",
    " 10 %     9 s     152 requests   5.26 % errors (old 0.00 %)",
    'hello-release failed: DockerService "hello": taken back',
  ]);
});
