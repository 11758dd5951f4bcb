/** Runs before each file of this project: without a cluster there is nothing to test it on, and the file fails. */
const why = process.env["HEADGATE_TEST_NO_CLUSTER"];
if (why !== undefined) throw new Error(why);
