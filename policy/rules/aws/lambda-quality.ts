import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { lambdaFunctions } from "../../model/lambda";

/** Deprecated by November 2026. Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, endoflife.date */
const DEPRECATED =
  /^(nodejs(|4\.3|4\.3-edge|6\.10|8\.10|1[02468]\.x|20\.x)|python(2\.7|3\.([6-9]|10))|ruby(2\.[57]|3\.2)|java8|go1\.x|dotnetcore[123]\.[01]|dotnet[5-9](\.0)?|provided(\.al2)?)$/;

export const lambdaQuality = defineRule({
  id: "lambda-quality",
  title: "Functions run on a supported runtime, and are traced",
  severity: "medium",
  standards: [...foundationalSecurity("Lambda.2"), ...checkov("CKV_AWS_50", "CKV_AWS_363")],
  levels: levels("advisory", "mandatory"),
  model: lambdaFunctions,
  why: "A runtime past its end gets no patches, and a function without traces cannot be followed across services.",
  remediation: 'Choose a supported runtime, and set tracingConfig.mode to "Active".',
  *check(lambda) {
    const [runtime, tracing] = [lambda.at("runtime"), lambda.at("tracingConfig.mode")];
    yield lambda.fails("runs on a runtime past its end", runtime, () => DEPRECATED.test(runtime.text() ?? "-"));
    yield lambda.fails("is not traced", tracing, () => tracing.read() !== "Active");
  },
});
