/** What a benchmark found, for people, pages and programs. */

export { type Assertion, checkAssertion, type Judgement, judge, parseAssertion } from './assertion.ts';
export { type Comparison, compare } from './compare.ts';
export { comparisonText } from './compare-text.ts';
export { measures } from './measures.ts';
export { reportPage } from './page.ts';
export { readReport, writeReport } from './report-file.ts';
export { reportText } from './text.ts';
