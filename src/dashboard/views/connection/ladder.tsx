import { fixed } from '../../format.ts';
import { useApp } from '../../frame/app.ts';

/** The steps on which a server serves a slow reader, and the one that this page is on. */
const steps = [
  ['full', 'everything'],
  ['conflated', 'the newest, as fast as it is read'],
  ['limited', 'the newest, now and then'],
] as const;

export function Ladder() {
  const { link } = useApp();
  const { step, maxRate, reason } = link.step.value;
  return (
    <ol class="ladder-steps" aria-label="How the server serves this page">
      {steps.map(([name, words]) => (
        <li key={name} aria-current={name === step ? 'step' : undefined}>
          <b>{name}</b> <span>{words}</span>
          {name === step && (reason !== '' || maxRate > 0) && (
            <small>
              {reason}
              {maxRate > 0 && ` (${fixed(maxRate, 1)}/s)`}
            </small>
          )}
        </li>
      ))}
    </ol>
  );
}
