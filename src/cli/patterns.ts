import { patternFault, topicFault } from '../protocol/topic.ts';
import { CliError } from './exit.ts';

/** Throws CliError naming the pattern and what is wrong with it. */
export function checkPattern(pattern: string): void {
  const fault = patternFault(pattern);
  if (fault !== undefined) throw new CliError('usage', `pattern ${JSON.stringify(pattern)} ${fault}`);
}

/** Throws CliError naming the topic and what is wrong with it. */
export function checkTopic(topic: string): void {
  const fault = topicFault(topic);
  if (fault !== undefined) throw new CliError('usage', `topic ${JSON.stringify(topic)} ${fault}`);
}
