import { objects } from "./object";

export const lambdaFunctions = objects("Lambda functions", "the function", ["aws:lambda/function:Function"]);
