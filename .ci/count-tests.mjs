// node count-tests.mjs <vitest's JSON report> <its exit code>: prints "<passed> <failed>".
import { readFileSync } from 'node:fs';

const [path, exitCode] = process.argv.slice(2);
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));

// A file that threw while it was loaded has failed without a failed test.
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
let failed = numFailedTests + brokenFiles.length;
if (failed === 0 && exitCode !== '0') failed = 1; // an error outside of any test
if (numPassedTests === 0 && failed === 0) failed = 1; // a run without tests shows nothing
console.log(`${numPassedTests} ${failed}`);
