// Scores one page by Mozilla's own tests and points. Their `scan` knows only whole hosts on usual ports, and refuses to
// score an error page: so its last step, adding up, is done here.
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

const [host, httpPort, httpsPort, path] = process.argv.slice(2);
const retrieved = await retrieve(host, { httpPort, httpsPort, path });
const results = ALL_TESTS.map((test) => test(retrieved)).map(({ result }) => ({
  result,
  points: getScoreModifier(result),
}));
const sum = (points) => points.reduce((one, other) => one + other, 100);
const withoutCredit = sum(results.map(({ points }) => Math.min(points, 0)));
const score =
  withoutCredit >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(results.map(({ points }) => points)) : withoutCredit;
console.log(JSON.stringify({ status: retrieved.responses.auto.status, score, results }));
