import { useApp } from '../../frame/app.ts';

/** What a slow link is: about an old telephone's. */
const slowBytesPerSec = 4000;

/** Asks the server to serve this page as if its link carried no more: what a telephone in a tunnel sees. */
export function SlowLink() {
  const { link } = useApp();
  const wish = link.wish.value;
  const isSlow = wish.maxBytesPerSec !== undefined;
  return (
    <p class="slow-link">
      <label class="switch">
        <input
          type="checkbox"
          checked={isSlow}
          onChange={() => link.restart({ ...wish, maxBytesPerSec: isSlow ? undefined : slowBytesPerSec })}
        />
        <span>Simulate a slow link</span>
      </label>{' '}
      <small>
        {slowBytesPerSec / 1000} kB/s: the server takes this page down the ladder, tells what it leaves out, and takes
        it up again afterwards.
      </small>
    </p>
  );
}
